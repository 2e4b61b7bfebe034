Component({
  relations: {
    '../item/item': {
      type: 'child',
      linked(t) {
        this.n = (this.n || 0) + 1
      },
    },
  },
  methods: {
    nodes() {
      return this.getRelationNodes('../item/item').length
    },
  },
})
