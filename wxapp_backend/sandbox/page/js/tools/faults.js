/** The faults: switching one on for the next calls of a path, and those that are on. */
import * as api from '../api.js'
import { attempt } from '../dialogs.js'
import { button, fill, h, iconButton } from '../dom.js'
import { icon } from '../icons.js'

const TEMPLATE = '/cgi-bin/message/template/send'
const CALLBACKS = ['/wechat/official-account', '/wechat/mini-program']
const PATHS = [
  [TEMPLATE, '模板消息'],
  ['/cgi-bin/message/subscribe/send', '订阅消息'],
  ['/cgi-bin/message/custom/send', '客服消息'],
  ['/cgi-bin/stable_token', '令牌'],
  ['/sns/jscode2session', '登录'],
  ['/wxa/getwxacodeunlimit', '小程序码'],
  ['/cgi-bin/qrcode/create', '公众号二维码'],
  ['/wxa/business/getuserphonenumber', '手机号'],
  ['/wxa/msg_sec_check', '内容安全'],
  ['/cgi-bin/user/info', '关注者资料'],
  ['/cgi-bin/*', '所有 cgi-bin 接口'],
  [CALLBACKS[0], '公众号回调'],
  [CALLBACKS[1], '小程序回调'],
]
/** What can go wrong: its name, the field it is sent in, and the value asked for, if any. */
const API_KINDS = {
  errcode: { label: '错误码', ask: '错误码', value: 45009, min: -1, max: 9_999_999 },
  timeout: { label: '没有回音', ask: '沉默多少秒', value: 15, min: 1, max: 600 },
  delay: { label: '很慢', ask: '慢多少秒', value: 3, min: 1, max: 600 },
  garbage: { label: '乱码', fixed: true },
}
const FINISH_KINDS = {
  blocked: { label: '被用户拒收', field: 'finish', fixed: 'failed:user block' },
  failed: { label: '最终失败', field: 'finish', fixed: 'failed: system failed' },
}
const CALLBACK_KINDS = {
  duplicate: { label: '重复送达', ask: '多送几次', value: 1, min: 1, max: 20 },
  reorder: { label: '晚到一步', fixed: true },
}

const kindsOf = (path) => {
  if (CALLBACKS.includes(path)) return CALLBACK_KINDS
  return path === TEMPLATE ? { ...API_KINDS, ...FINISH_KINDS } : API_KINDS
}

export function faultsPanel(store) {
  const list = h('div', { class: 'fault-list' })
  const path = h('input', {
    class: 'field',
    list: 'fault-paths',
    value: TEMPLATE,
    required: true,
    spellcheck: 'false',
    autocomplete: 'off',
  })
  const known = h(
    'datalist',
    { id: 'fault-paths' },
    PATHS.map(([value, label]) => h('option', { value, label })),
  )
  const kinds = h('div', { class: 'chips', role: 'radiogroup', 'aria-label': '故障' })
  const value = h('input', { class: 'field', type: 'number' })
  const valueName = h('span')
  const valueRow = h('label', { class: 'labelled' }, valueName, value)
  const after = h('input', { type: 'checkbox' })
  const afterRow = h('label', { class: 'check' }, after, '其实已经办了，只是没有回音')
  const times = h('input', { class: 'field', type: 'number', min: 1, max: 10_000, value: 1, required: true })
  let chosen = 'errcode'

  function choose(name) {
    chosen = name
    const kind = kindsOf(path.value.trim())[name]
    for (const one of kinds.children) one.setAttribute('aria-checked', String(one.dataset.kind === name))
    valueRow.hidden = !kind.ask
    afterRow.hidden = name !== 'timeout'
    if (!kind.ask) return
    valueName.textContent = kind.ask
    Object.assign(value, { min: kind.min, max: kind.max, value: kind.value, required: true })
  }
  function offer() {
    const offered = kindsOf(path.value.trim())
    fill(
      kinds,
      Object.entries(offered).map(([name, { label }]) =>
        button('chip', label, () => choose(name), { role: 'radio', data: { kind: name } }),
      ),
    )
    choose(offered[chosen] ? chosen : Object.keys(offered)[0])
  }
  path.addEventListener('input', offer)
  const submit = (event) => {
    event.preventDefault()
    const kind = kindsOf(path.value.trim())[chosen]
    const fault = { path: path.value.trim(), times: Number(times.value), [kind.field ?? chosen]: kind.fixed ?? Number(value.value) }
    if (chosen === 'timeout' && after.checked) fault.after_effect = true
    void attempt(async () => (await api.addFault(fault), store.refresh()))
  }
  const update = () => fill(list, faultList(store))
  offer()
  const element = h(
    'div',
    { class: 'panel' },
    h(
      'form',
      { class: 'stack', onsubmit: submit },
      h('label', { class: 'labelled' }, h('span', {}, '哪个接口'), path),
      known,
      h('div', { class: 'labelled' }, h('span', {}, '出什么事'), kinds),
      valueRow,
      afterRow,
      h('label', { class: 'labelled' }, h('span', {}, '接下来几次'), times),
      h('button', { class: 'primary' }, '打开故障'),
    ),
    list,
  )
  return { element, update }
}

function faultList(store) {
  if (store.faults.length === 0) return h('p', { class: 'hint' }, '现在没有故障，一切照常。')
  const remove = (work) => () => attempt(async () => (await work(), store.refresh()))
  return [
    h('h3', { class: 'with-action' }, '开着的故障', button('link', '全部关掉', remove(api.clearFaults))),
    store.faults.map((fault) =>
      h(
        'div',
        { class: 'fault' },
        h('div', {}, h('strong', {}, describe(fault)), h('code', {}, fault.path), h('small', {}, `还会发生 ${fault.times} 次`)),
        iconButton(
          'quiet',
          icon('close'),
          '关掉',
          remove(() => api.removeFault(fault.id)),
        ),
      ),
    ),
  ]
}

function describe(fault) {
  if (fault.errcode !== undefined) return `错误码 ${fault.errcode}`
  if (fault.timeout) return `沉默 ${fault.timeout} 秒${fault.after_effect ? '（其实办了）' : ''}`
  if (fault.delay) return `慢 ${fault.delay} 秒`
  if (fault.garbage) return '乱码'
  if (fault.finish) return fault.finish === FINISH_KINDS.blocked.fixed ? '被用户拒收' : '最终失败'
  return fault.duplicate ? `多送 ${fault.duplicate} 次` : '晚到一步'
}
