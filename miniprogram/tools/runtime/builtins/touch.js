/** What several components share: looks while pressed, taps, form values, small DOM work. */

export const HOVER = {
  hoverClass: [String, ''],
  hoverStopPropagation: [Boolean, false],
  hoverStartTime: [Number, 50],
  hoverStayTime: [Number, 400],
}

const PRESS_MS = 20
const STAY_MS = 70

/** Adds `hover-class` while a finger or the mouse is down. */
export function hover(mp) {
  return (h) =>
    h.attached(() => {
      let press
      let release
      const names = () => (h.prop('hoverClass') || '').split(/\s+/).filter((name) => name && name !== 'none')
      const classes = () => names().flatMap((name) => mp.scopedClass(h.self, name))
      const down = () => {
        if (h.prop('disabled')) return
        clearTimeout(release)
        press = setTimeout(() => h.host?.classList.add(...classes()), PRESS_MS)
      }
      const up = () => {
        clearTimeout(press)
        release = setTimeout(() => h.host?.classList.remove(...classes()), h.prop('hoverStayTime') || STAY_MS)
      }
      h.host.addEventListener('touchstart', down, { passive: true })
      h.host.addEventListener('mousedown', down)
      for (const name of ['touchend', 'touchcancel', 'mouseup', 'mouseleave']) h.host.addEventListener(name, up)
    })
}

export const onTap = (h, run) => h.self.addListener('tap', run)

/** Makes the component a field of the form around it. */
export const formField = (h, get, reset) =>
  h.attached(() => {
    h.self.__mpField = {
      get name() {
        return h.prop('name')
      },
      get,
      reset,
    }
  })

export function append(tag, name, parent) {
  const element = document.createElement(tag)
  if (name) element.className = name
  return parent.appendChild(element)
}

export const pixels = (value) => (typeof value === 'number' || /^\d+(\.\d+)?$/.test(String(value)) ? `${Number(value)}px` : value)
