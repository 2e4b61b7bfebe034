import { initial } from '../../utils/text'

Component({
  properties: {
    /** Address of the picture; null or empty shows the first character of the name. */
    src: { type: String, optionalTypes: [Object], value: '' },
    name: { type: String, optionalTypes: [Object], value: '' },
    /** Edge in px. */
    size: { type: Number, value: 44 },
    /** Said by a screen reader; empty for decoration. */
    label: { type: String, value: '' },
  },
  data: { letter: '', broken: false },
  observers: {
    name(name: string | null) {
      this.setData({ letter: initial(name) })
    },
    src() {
      this.setData({ broken: false })
    },
  },
  methods: {
    onError() {
      this.setData({ broken: true })
    },
  },
})
