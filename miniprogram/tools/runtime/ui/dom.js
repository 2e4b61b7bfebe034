/** Building blocks of the phone's own surfaces: everything around the page and above it. */

/** An element with a class and children; text and elements alike. */
export function make(tag, name, ...children) {
  const element = document.createElement(tag)
  if (name) element.className = name
  element.append(...children)
  return element
}

/** A button that calls `onTap`. */
export function button(name, label, onTap) {
  const element = make('button', name, label)
  element.type = 'button'
  element.addEventListener('click', onTap)
  return element
}

/**
 * Shows `panel` above the page and waits for its answer.
 *
 * `fill(done)` makes the panel; `done(value)` closes it. A tap beside a panel at the bottom closes it with `away`. The tap that opened the panel may
 * still be on its way as a click: only what began after the panel was there is meant for it.
 */
export function ask(name, fill, { away } = {}) {
  return new Promise((resolve) => {
    const mask = make('div', 'mp-mask ' + name)
    let isMeant = false
    addEventListener('pointerdown', () => (isMeant = true), { capture: true, once: true })
    mask.addEventListener('click', (event) => !isMeant && event.detail > 0 && event.isTrusted && event.stopPropagation(), { capture: true })
    const done = (value) => {
      mask.remove()
      resolve(value)
    }
    const panel = fill(done)
    panel.setAttribute('role', 'dialog')
    panel.setAttribute('aria-modal', 'true')
    mask.append(panel)
    if (away !== undefined) mask.addEventListener('click', (event) => event.target === mask && done(away))
    document.body.append(mask)
  })
}
