/** Filling sentences with facts. */

/** Put `values` in the places of `{name}`; a place without a value becomes empty. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** First character of a name for a face without picture; never half of an emoji. */
export function initial(name: string | null | undefined): string {
  return Array.from((name ?? '').trim())[0] ?? '友'
}

/** A masked name as the server tells it; empty when nothing of it is left to say. */
export function saidName(masked: string): string {
  return /^[*＊\s]*$/.test(masked) ? '' : masked
}

/** Cut a name to `limit` characters as people count them, with an ellipsis. */
export function clipName(name: string, limit: number): string {
  const characters = Array.from(name.trim())
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`
}

/** The parts of a sentence that belong on one line: text in the middle of a screen breaks behind its punctuation, never inside a word. */
export function phrases(sentence: string): string[] {
  return sentence.match(/^[，。；：！？]+$|[，。；：！？]*[^，。；：！？]+[，。；：！？]*[”’」』）》]*/g) ?? []
}
