import { encodeQr } from '../../utils/qr'

const QUIET_MODULES = 4

interface CanvasNode {
  width: number
  height: number
  getContext(kind: '2d'): WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D
}

Component({
  properties: {
    /** The text in the code: ASCII, up to 213 characters. */
    value: { type: String, value: '' },
    /** Edge in px, quiet zone included. */
    size: { type: Number, value: 240 },
    label: { type: String, value: '' },
  },
  observers: {
    value(value: string) {
      if (value !== '') wx.nextTick(() => this.draw(value))
    },
  },
  methods: {
    draw(value: string) {
      this.createSelectorQuery().select('.symbol').fields({ node: true }).exec((found: { node?: CanvasNode }[]) => {
        const canvas = found[0]?.node
        if (canvas && value === this.data.value) this.paint(canvas, value)
      })
    },
    paint(canvas: CanvasNode, value: string) {
      const matrix = encodeQr(value)
      // Whole pixels for every module: a blurred edge costs a second at the counter.
      const module = Math.max(1, Math.floor((this.data.size * wx.getWindowInfo().pixelRatio) / (matrix.length + 2 * QUIET_MODULES)))
      const edge = module * (matrix.length + 2 * QUIET_MODULES)
      canvas.width = edge
      canvas.height = edge
      const pen = canvas.getContext('2d')
      pen.fillStyle = '#ffffff'
      pen.fillRect(0, 0, edge, edge)
      pen.fillStyle = '#000000'
      matrix.forEach((row, y) => row.forEach((dark, x) => {
        if (dark) pen.fillRect((x + QUIET_MODULES) * module, (y + QUIET_MODULES) * module, module, module)
      }))
    },
  },
})
