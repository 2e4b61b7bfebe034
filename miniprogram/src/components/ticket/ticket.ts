Component({
  properties: {
    /** A TicketView of utils/coupon-view. */
    ticket: { type: Object, value: {} },
    /** Words of the little button; empty for none. */
    action: { type: String, value: '' },
    /** Character of the seal when the coupon is claimed just now or spent. */
    seal: { type: String, value: '' },
  },
  methods: {
    onTap() {
      this.triggerEvent('open', { id: (this.data.ticket as { id: string }).id })
    },
  },
})
