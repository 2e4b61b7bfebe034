/** What scrolls and swipes: scroll-view, swiper. */
import { append } from './touch.js'

const SCROLL = {
  scrollX: [Boolean, false],
  scrollY: [Boolean, false],
  upperThreshold: [null, 50],
  lowerThreshold: [null, 50],
  scrollTop: [null, ''],
  scrollLeft: [null, ''],
  scrollIntoView: [String, ''],
  scrollWithAnimation: [Boolean, false],
  enableBackToTop: [Boolean, false],
  enableFlex: [Boolean, false],
  enablePassive: [null, false],
  scrollAnchoring: [Boolean, false],
  refresherEnabled: [Boolean, false],
  refresherTriggered: [Boolean, false],
  refresherThreshold: [Number, 45],
  refresherDefaultStyle: [String, 'black'],
  refresherBackground: [String, '#FFF'],
  enhanced: [Boolean, false],
  bounces: [Boolean, true],
  showScrollbar: [Boolean, true],
  pagingEnabled: [Boolean, false],
  fastDeceleration: [Boolean, false],
  type: [String, 'list'],
}

function moveTo(h) {
  setTimeout(() => {
    const target = { behavior: h.prop('scrollWithAnimation') ? 'smooth' : 'auto' }
    if (h.prop('scrollTop') !== '') target.top = parseFloat(h.prop('scrollTop'))
    if (h.prop('scrollLeft') !== '') target.left = parseFloat(h.prop('scrollLeft'))
    h.host?.scrollTo(target)
  })
}

function watchEnds(h) {
  let last = { x: 0, y: 0 }
  let isLow = false
  let isHigh = true
  h.host.addEventListener('scroll', () => {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = h.host
    h.fire('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, deltaX: last.x - scrollLeft, deltaY: last.y - scrollTop })
    last = { x: scrollLeft, y: scrollTop }
    const isSideways = h.prop('scrollX')
    const left = isSideways ? scrollWidth - clientWidth - scrollLeft : scrollHeight - clientHeight - scrollTop
    const done = isSideways ? scrollLeft : scrollTop
    const isAtEnd = left <= parseFloat(h.prop('lowerThreshold'))
    const isAtStart = done <= parseFloat(h.prop('upperThreshold'))
    if (isAtEnd && !isLow) h.fire('scrolltolower', { direction: isSideways ? 'right' : 'bottom' })
    if (isAtStart && !isHigh) h.fire('scrolltoupper', { direction: isSideways ? 'left' : 'top' })
    isLow = isAtEnd
    isHigh = isAtStart
  })
}

function scrollView(h) {
  h.watch('scrollX, scrollY, enableFlex', () => {
    h.host.style.overflowX = h.prop('scrollX') ? 'auto' : 'hidden'
    h.host.style.overflowY = h.prop('scrollY') ? 'auto' : 'hidden'
    if (h.prop('enableFlex')) h.host.style.display = 'flex'
  })
  h.watch('scrollTop, scrollLeft', () => {
    if (h.prop('scrollTop') !== '' || h.prop('scrollLeft') !== '') moveTo(h)
  })
  h.watch('scrollIntoView', () => {
    const id = h.prop('scrollIntoView')
    if (id) setTimeout(() => h.host.querySelector(`[data-mp-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'start', inline: 'start' }))
  })
  h.attached(() => watchEnds(h))
}

const SWIPER = {
  indicatorDots: [Boolean, false],
  indicatorColor: [String, 'rgba(0, 0, 0, .3)'],
  indicatorActiveColor: [String, '#000000'],
  autoplay: [Boolean, false],
  current: [Number, 0],
  interval: [Number, 5000],
  duration: [Number, 500],
  circular: [Boolean, false],
  vertical: [Boolean, false],
  previousMargin: [String, '0px'],
  nextMargin: [String, '0px'],
  displayMultipleItems: [Number, 1],
  snapToEdge: [Boolean, false],
  easingFunction: [String, 'default'],
}
const SWIPE_PX = 30

/** rpx in a margin become vw, as in a style sheet. */
const margin = (text) => (text || '0px').replace(/(-?[\d.]+)rpx/, (_, number) => `${number / 7.5}vw`)

function swiper(mp) {
  return (h) => {
    let timer
    let dots
    let start = null
    const items = () => mp.within(h.self, 'swiper-item')
    const draw = (isFirst) => {
      const list = items()
      const current = Math.min(h.prop('current'), Math.max(list.length - 1, 0))
      const isVertical = h.prop('vertical')
      const [before, after] = [margin(h.prop('previousMargin')), margin(h.prop('nextMargin'))]
      list.forEach((item, index) => {
        Object.assign(item.$$.style, {
          transition: isFirst ? '' : `transform ${h.prop('duration')}ms`,
          [isVertical ? 'height' : 'width']: `calc((100% - ${before} - ${after}) / ${h.prop('displayMultipleItems') || 1})`,
          [isVertical ? 'top' : 'left']: before,
          transform: `translate${isVertical ? 'Y' : 'X'}(${(index - current) * 100}%)`,
        })
      })
      if (!dots) return
      dots.style.display = h.prop('indicatorDots') ? '' : 'none'
      dots.replaceChildren()
      list.forEach(
        (_, index) => (append('i', '', dots).style.background = h.prop(index === current ? 'indicatorActiveColor' : 'indicatorColor')),
      )
    }
    const turn = (wanted, source) => {
      const list = items()
      if (list.length === 0) return
      const current = h.prop('circular') ? (wanted + list.length) % list.length : Math.max(0, Math.min(list.length - 1, wanted))
      if (current === h.prop('current')) return
      const detail = { current, currentItemId: list[current].data.itemId, source }
      h.self.setData({ current })
      h.fire('change', detail)
      setTimeout(() => h.fire('animationfinish', detail), h.prop('duration'))
    }
    const along = (touch) => (h.prop('vertical') ? touch.clientY : touch.clientX)
    h.self.__layout = () => draw(true)
    h.attached(() => {
      dots = append('div', 'wx-swiper-dots', h.host)
      h.host.addEventListener('touchstart', ({ touches }) => (start = along(touches[0])), { passive: true })
      h.host.addEventListener('touchend', ({ changedTouches }) => {
        const way = start === null ? 0 : along(changedTouches[0]) - start
        if (Math.abs(way) > SWIPE_PX) turn(h.prop('current') + (way < 0 ? 1 : -1), 'touch')
        start = null
      })
      setTimeout(() => draw(true))
    })
    h.watch('current, indicatorDots, indicatorColor, indicatorActiveColor, displayMultipleItems', () => draw(false))
    h.watch('autoplay, interval', () => {
      clearInterval(timer)
      if (h.prop('autoplay')) timer = setInterval(() => turn(h.prop('current') + 1, 'autoplay'), h.prop('interval'))
    })
    h.detached(() => clearInterval(timer))
  }
}

export function defineScrolling(define, mp) {
  define('scroll-view', SCROLL, scrollView)
  define('swiper', SWIPER, swiper(mp))
  define('swiper-item', { itemId: [String, ''], skipHiddenItemLayout: [Boolean, false] }, (h) => {
    const layout = () => {
      const around = mp.closest(h.self, 'swiper')
      if (!around) return
      clearTimeout(around.__waiting)
      around.__waiting = setTimeout(() => around.__layout?.())
    }
    h.attached(layout)
    h.detached(layout)
  })
}
