const log = (s) => getApp().log.push(s)
const beh = Behavior({
  properties: { label: String },
  data: { fromBeh: 1 },
  methods: {
    behMethod() {
      return 'beh'
    },
  },
  lifetimes: {
    attached() {
      log('beh.attached')
    },
  },
})
Component({
  behaviors: [beh],
  options: { multipleSlots: true },
  properties: {
    count: {
      type: Number,
      value: 0,
      observer(n, o) {
        log(`child.count ${o}->${n}`)
      },
    },
  },
  data: { upper: '' },
  observers: {
    label(v) {
      this.setData({ upper: String(v).toUpperCase() })
    },
  },
  lifetimes: {
    created() {
      log('child.created')
    },
    attached() {
      log('child.attached')
    },
    ready() {
      log('child.ready')
    },
    detached() {
      log('child.detached')
    },
  },
  pageLifetimes: {
    show() {
      log('child.show')
    },
    hide() {
      log('child.hide')
    },
  },
  methods: {
    inc() {
      this.setData({ count: this.data.count + 1 })
      this.triggerEvent('change', { v: this.data.count }, { bubbles: true, composed: true })
    },
  },
})
