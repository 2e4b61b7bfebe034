/** The two accounts as their owner's console shows them: where callbacks go, whether they arrive, what may be sent. */
import * as api from '../api.js'
import { attempt } from '../dialogs.js'
import { button, fill, h } from '../dom.js'

const KINDS = { official_account: '服务号', mini_program: '小程序' }
const MODES = { safe: '安全模式（加密）', plain: '明文模式', compat: '兼容模式' }

const line = (name, value) => h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value))

export function accountsPanel() {
  const list = h('div', { class: 'stack' })
  const update = async () => {
    if (list.childElementCount > 0) return
    const accounts = await attempt(api.apps)
    if (accounts) fill(list, accounts.toReversed().map(card))
  }
  const hint = h('p', { class: 'hint' }, '两个账号都是假的，每次启动都一样。密钥和令牌在 ', h('code', {}, 'GET /_apps'), ' 里。')
  return { element: h('div', { class: 'panel' }, hint, list), update }
}

function card(account) {
  const result = h('span', { class: 'hint', role: 'status' })
  const verify = () =>
    attempt(async () => {
      result.textContent = '正在验证…'
      const { is_verified: isVerified } = await api.verify(account.kind)
      result.textContent = isVerified ? '通过：签名和 echostr 都对' : '没有通过：地址没有原样返回 echostr'
    })
  const bound = h('input', { type: 'checkbox', onchange: () => attempt(() => api.bind(account.kind, bound.checked)) })
  bound.checked = account.is_bound
  return h(
    'section',
    { class: 'account-facts' },
    h('h3', {}, `${account.name} · ${KINDS[account.kind]}`),
    h(
      'dl',
      {},
      line('AppID', h('code', {}, account.appid)),
      line('回调地址', h('code', {}, account.callback_url)),
      line('消息加密', MODES[account.callback_mode]),
      line('消息模板', account.templates.map((one) => one.title).join('、')),
    ),
    h('label', { class: 'check' }, bound, '绑定在开放平台上（能得到 unionid）'),
    h('div', { class: 'row' }, button('plain', '验证回调地址', verify), result),
  )
}
