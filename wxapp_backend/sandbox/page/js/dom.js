/** Building elements: `h('button', {class: 'x', onclick: f}, 'text', child)`. */

/**
 * Makes an element. Properties that begin with `on` are listeners, `data` is the dataset, the rest are attributes;
 * `null`, `undefined` and `false` leave an attribute out. Children may be nested lists; empty ones are left out.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'data') Object.assign(element.dataset, value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

/** A button that does something when it is pressed. */
export const button = (className, label, onclick, properties = {}) =>
  h('button', { type: 'button', class: className, onclick, ...properties }, label)

/** A button that shows an icon and is read aloud as `label`. */
export const iconButton = (className, picture, label, onclick) => button(className, picture, onclick, { 'aria-label': label, title: label })

/** Replaces what is in an element. */
export const fill = (element, ...children) =>
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false))

/** Lets the person choose a picture of this computer. */
export function choosePicture(onChosen) {
  const input = h('input', { type: 'file', accept: 'image/*' })
  input.addEventListener('change', () => input.files[0] && onChosen(input.files[0]))
  input.click()
}

/** Reads a file or blob as a data URL. */
export const dataUrl = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(reader.result))
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(blob)
  })
