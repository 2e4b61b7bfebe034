/** Components that only hold others. */
import { HOVER, hover } from './touch.js'

export function defineContainers(define, mp) {
  for (const name of 'view cover-view match-media share-element movable-area movable-view'.split(' ')) define(name, HOVER, hover(mp))
  define('text', {
    userSelect: [Boolean, false],
    selectable: [Boolean, false],
    space: [String, ''],
    decode: [Boolean, false],
    maxLines: [Number, 0],
  })
  define('root-portal', { enable: [Boolean, true] })
  define(
    'page-container',
    {
      show: [Boolean, false],
      duration: [Number, 300],
      position: [String, 'bottom'],
      round: [Boolean, false],
      overlay: [Boolean, true],
      customStyle: [String, ''],
    },
    (h) => h.watch('show', () => (h.host.style.display = h.prop('show') ? '' : 'none')),
  )
  definePageMeta(define, mp)
}

/** `page-meta`: font sizes, background and style of the page; `root-font-size="system"` follows the person's text size. */
function definePageMeta(define, mp) {
  const properties = {
    rootFontSize: [String, ''],
    pageFontSize: [String, ''],
    pageStyle: [String, ''],
    backgroundColor: [String, ''],
    scrollTop: [String, ''],
    backgroundTextStyle: [String, ''],
  }
  const size = (value) => (value === 'system' ? `${mp.fontSize}px` : value)
  define('page-meta', properties, (h) =>
    h.watch('rootFontSize, pageFontSize, pageStyle, backgroundColor', () => {
      const page = mp.stack.find(({ view }) => view.contains(h.host)) ?? mp.top()
      if (!page) return
      page.rootFontSize = size(h.prop('rootFontSize'))
      page.body.style.cssText = h.prop('pageStyle')
      page.body.style.fontSize = size(h.prop('pageFontSize'))
      page.view.style.background = h.prop('backgroundColor')
      mp.updatePages()
    }),
  )
}
