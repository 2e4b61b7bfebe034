/** Starts the page: the bar above, the desk with its phones, the tools at the side. */
import { createBar } from './bar.js'
import { createDesk } from './desk.js'
import { h } from './dom.js'
import { Store } from './store.js'
import { createTools } from './tools/tools.js'

const store = new Store()
const tools = createTools(store)
const desk = createDesk(store)
const bar = createBar({ store, desk, tools })
document.body.append(bar, h('div', { class: 'room' }, desk.element, tools.element))
store.start()
