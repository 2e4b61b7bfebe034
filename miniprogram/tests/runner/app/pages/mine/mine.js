Page({
  onShow() {
    getApp().log.push('mine.onShow')
  },
})
