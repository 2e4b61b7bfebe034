/** Light and dark: follows the browser, fills `@name` of app.json from theme.json, tells the app of a change. */

export function createTheme(mp, app, values = {}) {
  const query = matchMedia('(prefers-color-scheme: dark)')
  mp.theme = () => (app.darkmode && query.matches ? 'dark' : 'light')
  query.addEventListener('change', () => {
    if (!app.darkmode) return
    mp.updatePages()
    mp.emit('ThemeChange', { theme: mp.theme() })
    mp.app()?.onThemeChange?.({ theme: mp.theme() })
  })
  return (value) => (typeof value === 'string' && value.startsWith('@') ? values[mp.theme()]?.[value.slice(1)] : value)
}
