/** `wx.createSelectorQuery`: positions, sizes, scroll offsets, computed styles and canvas nodes. */

export class SelectorQuery {
  constructor(mp, component) {
    this.mp = mp
    this.component = component
    this.wishes = []
  }

  in(component) {
    this.component = component
    return this
  }

  select(selector) {
    return new NodesRef(this, selector, true)
  }

  selectAll(selector) {
    return new NodesRef(this, selector, false)
  }

  selectViewport() {
    return new NodesRef(this, null, true)
  }

  exec(callback) {
    setTimeout(() => {
      const component = this.component ?? this.mp.top()?.caller
      const answers = this.wishes.map((wish) => {
        const answer = this.answer(component, wish)
        wish.callback?.call(component, answer)
        return answer
      })
      callback?.call(component, answers)
    })
    return this
  }

  answer(component, { selector, isSingle, fields }) {
    if (selector === null) return viewport(this.mp)
    const found = this.mp.select(component, selector)
    if (!isSingle) return found.map((element) => describe(this.mp, element, fields))
    return found[0] ? describe(this.mp, found[0], fields) : null
  }
}

class NodesRef {
  constructor(query, selector, isSingle) {
    Object.assign(this, { query, selector, isSingle })
  }

  fields(fields, callback) {
    this.query.wishes.push({ selector: this.selector, isSingle: this.isSingle, fields, callback })
    return this.query
  }

  boundingClientRect(callback) {
    return this.fields({ id: true, dataset: true, rect: true, size: true }, callback)
  }

  scrollOffset(callback) {
    return this.fields({ id: true, dataset: true, scrollOffset: true }, callback)
  }

  node(callback) {
    return this.fields({ node: true }, callback)
  }

  context(callback) {
    return this.fields({ context: true }, callback)
  }
}

function viewport(mp) {
  const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = mp.top().scroller
  const size = { width: innerWidth, height: mp.viewHeight() }
  return {
    id: '',
    dataset: {},
    scrollTop,
    scrollLeft,
    scrollHeight,
    scrollWidth,
    left: 0,
    top: 0,
    right: size.width,
    bottom: size.height,
    ...size,
  }
}

function describe(mp, element, wanted) {
  const dom = element.$$
  const box = dom.getBoundingClientRect()
  const pageTop = mp.top()?.view.getBoundingClientRect().top ?? 0
  const answer = {}
  if (wanted.id) answer.id = element.id
  if (wanted.dataset) answer.dataset = element.dataset
  if (wanted.rect) Object.assign(answer, { left: box.left, right: box.right, top: box.top - pageTop, bottom: box.bottom - pageTop })
  if (wanted.size) Object.assign(answer, { width: box.width, height: box.height })
  if (wanted.scrollOffset) {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight } = dom
    Object.assign(answer, { scrollLeft, scrollTop, scrollWidth, scrollHeight })
  }
  for (const name of wanted.properties ?? []) answer[name] = element.data?.[name]
  for (const name of wanted.computedStyle ?? []) answer[name] = getComputedStyle(dom)[name]
  if (wanted.node) answer.node = element.__node ?? dom
  if (wanted.context) answer.context = { node: element.__node ?? dom }
  return answer
}
