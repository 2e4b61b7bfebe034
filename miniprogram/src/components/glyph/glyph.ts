Component({
  properties: {
    /** Name of the drawing, see glyph.wxss. */
    name: { type: String, value: '' },
    /** Edge in px; 24 unless given. */
    size: { type: Number, value: 0 },
  },
})
