import { common } from '../../texts/common'

Component({
  properties: {
    /** 'loading' draws the skeleton, 'empty' and 'failed' the words. */
    state: { type: String, value: 'loading' },
    /** Skeleton: 'list', 'letter', 'code', 'tickets' or 'form'. */
    shape: { type: String, value: 'list' },
    /** Drawing above the words; failures have their own. */
    icon: { type: String, value: 'letter' },
    title: { type: String, value: '' },
    body: { type: String, value: '' },
    /** Words on the button; without them there is none. A failure always has one. */
    action: { type: String, value: '' },
  },
  data: { t: common },
  methods: {
    onAction() {
      this.triggerEvent('action')
    },
  },
})
