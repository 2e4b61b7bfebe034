/** What one phone keeps between two openings: the app's storage and the person's choices, apart from those of other phones in this browser. */

export function createStorage(phone) {
  const prefix = `mp:${phone || 'visitor'}:`
  const shelf = window.localStorage
  const names = (kind) =>
    Object.keys(shelf)
      .filter((key) => key.startsWith(prefix + kind))
      .map((key) => key.slice((prefix + kind).length))
  return {
    get: (kind, key) => shelf.getItem(prefix + kind + key),
    set: (kind, key, value) => shelf.setItem(prefix + kind + key, value),
    remove: (kind, key) => shelf.removeItem(prefix + kind + key),
    names,
    bytes: (kind) => names(kind).reduce((sum, key) => sum + key.length + (shelf.getItem(prefix + kind + key) ?? '').length, 0),
    /** A choice of the person: privacy, a scope, a subscription kept for always. */
    choice: (name) => JSON.parse(shelf.getItem(prefix + 'choice:' + name) ?? 'null'),
    choose: (name, value) => shelf.setItem(prefix + 'choice:' + name, JSON.stringify(value)),
  }
}
