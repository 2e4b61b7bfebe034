/** Pictures, drawings and what is only drawn: image, icon, progress, rich-text, canvas, video, and stand-ins for what needs WeChat itself. */
import { append, pixels } from './touch.js'

const FIT = { scaleToFill: 'fill', aspectFit: 'contain', aspectFill: 'cover', widthFix: 'fill', heightFix: 'fill' }
const ICONS = {
  success: ['✓', '#09bb07'],
  success_no_circle: ['✓', '#09bb07'],
  info: ['i', '#10aeff'],
  warn: ['!', '#f76260'],
  waiting: ['…', '#10aeff'],
  cancel: ['✕', '#f43530'],
  download: ['↓', '#09bb07'],
  search: ['⌕', '#b2b2b2'],
  clear: ['✕', '#b2b2b2'],
}
/** Placeholders: drawn as a box with their name. */
const STAND_INS = 'web-view map audio camera official-account open-data ad navigation-bar live-player live-pusher'.split(' ')

function image(mp) {
  return (h) => {
    let picture
    const draw = () => {
      if (!picture) return
      const mode = h.prop('mode') || 'scaleToFill'
      h.host.dataset.mode = mode
      picture.style.objectFit = FIT[mode] ?? 'none'
      if (!FIT[mode]) picture.style.objectPosition = mode.replace('-', ' ')
      picture.alt = h.prop('ariaLabel') ?? ''
    }
    const load = () => {
      if (!picture) return
      const source = h.prop('src')
      if (source) picture.src = mp.asset(source, h.self)
      else picture.removeAttribute('src')
    }
    const showMenu = async () => {
      if (h.prop('showMenuByLongpress') && picture.src) await mp.pictureMenu(await fetch(picture.src).then((answer) => answer.blob()))
    }
    h.attached(() => {
      picture = append('img', '', h.host)
      picture.draggable = true
      // WeChat draws nothing where a picture fails; the browser would draw its torn page
      picture.addEventListener('load', () => picture.classList.remove('wx-broken'))
      picture.addEventListener('error', () => picture.classList.add('wx-broken'))
      picture.addEventListener('load', () => h.fire('load', { width: picture.naturalWidth, height: picture.naturalHeight }))
      picture.addEventListener('error', () => h.fire('error', { errMsg: `GET ${picture.getAttribute('src')} failed` }))
      h.self.addListener('longpress', showMenu)
      load()
      draw()
    })
    h.watch('src', load)
    h.watch('mode, ariaLabel', draw)
  }
}

const drawIcon = (h) =>
  h.watch('type, size, color', () => {
    const [sign, colour] = ICONS[h.prop('type')] ?? ['?', '#999']
    const size = pixels(h.prop('size'))
    h.host.textContent = sign
    Object.assign(h.host.style, {
      width: size,
      height: size,
      lineHeight: size,
      fontSize: `calc(${size} * .7)`,
      background: h.prop('color') || colour,
    })
  })

const drawProgress = (h) =>
  h.watch('percent, showInfo, strokeWidth, activeColor, backgroundColor, borderRadius, color', () => {
    h.host.innerHTML = ''
    h.host.setAttribute('role', 'progressbar')
    h.host.setAttribute('aria-valuenow', h.prop('percent'))
    const bar = append('div', 'wx-progress-bar', h.host)
    const radius = pixels(h.prop('borderRadius'))
    Object.assign(bar.style, { height: pixels(h.prop('strokeWidth')), background: h.prop('backgroundColor'), borderRadius: radius })
    Object.assign(append('div', 'wx-progress-in', bar).style, {
      width: h.prop('percent') + '%',
      background: h.prop('color') || h.prop('activeColor'),
    })
    if (h.prop('showInfo')) append('span', 'wx-progress-info', h.host).textContent = h.prop('percent') + '%'
  })

/** Only the tags and attributes of a node list are drawn; scripts never. */
function richNode(node) {
  if (node.type === 'text' || node.text !== undefined) return document.createTextNode(String(node.text))
  const element = document.createElement(node.name === 'script' ? 'span' : node.name)
  for (const [name, value] of Object.entries(node.attrs ?? {})) if (!/^on/i.test(name)) element.setAttribute(name, value)
  element.append(...(node.children ?? []).map(richNode))
  return element
}

const drawRichText = (h) =>
  h.watch('nodes', () => {
    const nodes = h.prop('nodes')
    h.host.replaceChildren()
    if (Array.isArray(nodes)) h.host.append(...nodes.map(richNode))
    else {
      const parsed = new DOMParser().parseFromString(String(nodes ?? ''), 'text/html')
      parsed.querySelectorAll('script').forEach((script) => script.remove())
      h.host.append(...parsed.body.childNodes)
    }
  })

function canvas(mp) {
  return (h) =>
    h.attached(() => {
      const node = append('canvas', '', h.host)
      Object.assign(node, { width: 300, height: 150 })
      h.self.__node = Object.assign(node, {
        requestAnimationFrame: (run) => requestAnimationFrame(run),
        cancelAnimationFrame: (id) => cancelAnimationFrame(id),
        createImage: mp.createImage,
      })
    })
}

function video(mp) {
  return (h) => {
    let player
    const draw = () => {
      if (!player) return
      Object.assign(player, { src: mp.asset(h.prop('src'), h.self), controls: h.prop('controls') })
      if (h.prop('poster')) player.poster = mp.asset(h.prop('poster'), h.self)
    }
    h.attached(() => {
      player = append('video', '', h.host)
      draw()
    })
    h.watch('src, poster, controls', draw)
  }
}

export function defineMedia(define, mp) {
  const leaf = { isLeaf: true }
  const picture = {
    src: [String, ''],
    mode: [String, 'scaleToFill'],
    lazyLoad: [Boolean, false],
    webp: [Boolean, false],
    showMenuByLongpress: [Boolean, false],
    fadeIn: [Boolean, false],
  }
  define('image', picture, image(mp), leaf)
  define('cover-image', picture, image(mp), leaf)
  define('icon', { type: [String, ''], size: [null, 23], color: [String, ''] }, drawIcon, leaf)
  const progress = {
    percent: [Number, 0],
    showInfo: [Boolean, false],
    strokeWidth: [null, 6],
    activeColor: [String, '#07c160'],
    backgroundColor: [String, '#ebebeb'],
  }
  define(
    'progress',
    {
      ...progress,
      borderRadius: [null, 0],
      active: [Boolean, false],
      activeMode: [String, 'backwards'],
      duration: [Number, 30],
      color: [String, ''],
    },
    drawProgress,
    leaf,
  )
  define('rich-text', { nodes: [null, ''], space: [String, ''], userSelect: [Boolean, false] }, drawRichText, leaf)
  define('canvas', { type: [String, ''], canvasId: [String, ''], disableScroll: [Boolean, false] }, canvas(mp), leaf)
  const player = {
    src: [String, ''],
    poster: [String, ''],
    controls: [Boolean, true],
    autoplay: [Boolean, false],
    loop: [Boolean, false],
    muted: [Boolean, false],
    objectFit: [String, 'contain'],
  }
  define('video', player, video(mp))
  for (const name of STAND_INS)
    define(name, { src: [String, ''] }, (h) => h.attached(() => (append('div', 'wx-placeholder', h.host).textContent = `<${name}>`)))
}
