import { common } from '../../texts/common'
import { phrases } from '../../utils/text'

Component({
  properties: {
    /** 'loading' draws the skeleton, 'empty' and 'failed' the words. */
    state: { type: String, value: 'loading' },
    /** Skeleton: 'list', 'letter', 'code' or 'tickets', which stands for cards, too. */
    shape: { type: String, value: 'list' },
    /** Drawing above the words of an empty screen; a failure has its own. */
    icon: { type: String, value: 'letter' },
    /** Words of an empty screen. */
    title: { type: String, value: '' },
    body: { type: String, value: '' },
    /** Words on its button, event `action`; without them there is none. */
    action: { type: String, value: '' },
    /** What went wrong; a failure always has a button, event `retry`. */
    failure: { type: String, value: '' },
  },
  data: { t: common, phrases: [] as string[] },
  observers: {
    'state, body, failure'(state: string, body: string, failure: string) {
      this.setData({ phrases: phrases(state === 'failed' ? failure || common.failedBody : body) })
    },
  },
  methods: {
    onAction() {
      this.triggerEvent('action')
    },
    onRetry() {
      this.triggerEvent('retry')
    },
  },
})
