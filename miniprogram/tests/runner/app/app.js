App({
  log: [],
  globalData: { n: 1 },
  onLaunch(o) {
    this.log.push('app.onLaunch ' + o.path)
  },
  onShow(o) {
    this.log.push('app.onShow')
  },
})
