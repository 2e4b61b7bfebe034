import { common } from '../../texts/common'

Component({
  properties: {
    /** 'idle', 'loading', 'failed' or 'end'. */
    state: { type: String, value: 'idle' },
  },
  data: { t: common },
  methods: {
    onRetry() {
      if (this.data.state === 'failed') this.triggerEvent('retry')
    },
  },
})
