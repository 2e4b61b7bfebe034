const log = (s) => getApp().log.push(s)
Component({
  properties: { from: String },
  data: { q: '' },
  methods: {
    onLoad(q) {
      log('b.onLoad ' + JSON.stringify(q))
      this.setData({ q: this.data.from })
      const ch = this.getOpenerEventChannel()
      ch.on && ch.on('hello', (d) => log('b.hello ' + d.x))
      ch.emit && ch.emit('back', { y: 2 })
    },
    onUnload() {
      log('b.onUnload')
    },
  },
})
