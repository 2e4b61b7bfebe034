const app = getApp()
const log = (s) => app.log.push(s)
Page({
  data: {
    n: 1,
    lab: 'abc',
    rows: [
      { id: 1, t: 'one' },
      { id: 2, t: 'two' },
    ],
    msg: 'M',
    txt: 'init',
    date: '2026-01-01',
    ev: [],
  },
  custom: { a: 1 },
  onLoad(q) {
    log('a.onLoad ' + JSON.stringify(q))
  },
  onShow() {
    log('a.onShow')
  },
  onReady() {
    log('a.onReady')
  },
  onHide() {
    log('a.onHide')
  },
  onUnload() {
    log('a.onUnload')
  },
  onPullDownRefresh() {
    log('a.pull')
    wx.stopPullDownRefresh()
  },
  onReachBottom() {
    log('a.bottom')
  },
  onPageScroll(e) {
    this.scrolled = e.scrollTop
  },
  onChange(e) {
    this.ev('change', e.detail.v)
  },
  ev(k, v) {
    this.setData({ ev: this.data.ev.concat(k + ':' + JSON.stringify(v)) })
  },
  onRow(e) {
    this.ev('row', [e.currentTarget.dataset.id, e.currentTarget.dataset.obj.t, e.type])
  },
  outer() {
    this.ev('outer', 1)
  },
  inner(e) {
    this.ev('inner', e.mark.x)
  },
  onRadio(e) {
    this.ev('radio', e.detail.value)
  },
  onCheck(e) {
    this.ev('check', e.detail.value)
  },
  onDate(e) {
    this.setData({ date: e.detail.value })
  },
  onPhone(e) {
    this.ev('phone', e.detail.code)
  },
  onImg(e) {
    this.ev('img', e.detail)
  },
  onLong() {
    this.ev('long', 1)
  },
  onShareAppMessage(r) {
    return { title: 't' + r.from }
  },
})
