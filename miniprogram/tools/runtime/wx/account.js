/** Login, phone number, subscription messages, scopes: what WeChat knows of a person. Codes and consents are the sandbox's. */
import { failure } from './index.js'

/** What the runner calls the mini-program; the sandbox has an appId of its own for it. */
export const APP_ID = 'wx0000000000000001'

const TAP_VALID_MS = 5000
const MAX_TEMPLATES = 5 // WeChat: wx.requestSubscribeMessage
const SCOPES = ['scope.writePhotosAlbum']
const KEPT = 'subscription:'

function checkTemplates(mp, ids) {
  if (!Array.isArray(ids) || ids.length === 0) throw failure('tmplIds is empty', { errCode: 10001 })
  if (ids.length > MAX_TEMPLATES) throw failure('TemplateIds is too many', { errCode: 20003 })
  if (Date.now() - mp.lastTapAt > TAP_VALID_MS) throw failure('can only be invoked by user TAP gesture.', { errCode: 20000 })
}

/** The consent dialog; what was kept "for always" is answered without it, and each accept is a right at the sandbox. */
async function subscribe(mp, { tmplIds }) {
  checkTemplates(mp, tmplIds)
  const kept = Object.fromEntries(tmplIds.map((id) => [id, mp.store.choice(KEPT + id)]))
  const open = tmplIds.filter((id) => kept[id] === null)
  let results = kept
  if (open.length > 0) {
    const titles = await mp.person.templates()
    const unknown = Object.keys(titles).length > 0 && tmplIds.find((id) => !(id in titles))
    if (unknown) throw failure(`No template data return, verify the template id exist: ${unknown}`, { errCode: 20001 })
    const { chosen, always } = await mp.ui.subscribe(open.map((id) => ({ id, title: titles[id] ?? id })))
    results = { ...kept, ...chosen }
    for (const id of always ? open : []) mp.store.choose(KEPT + id, chosen[id])
  }
  for (const verdict of ['accept', 'reject']) {
    const ids = tmplIds.filter((id) => results[id] === verdict)
    if (ids.length > 0) await mp.person.subscribe(ids, verdict === 'accept')
  }
  mp.tell('subscribed', { results })
  return results
}

export function addAccount({ mp, api, sync }) {
  api('login', async () => {
    if (mp.network === 'none') throw failure('net::ERR_INTERNET_DISCONNECTED')
    const code = await mp.person.loginCode()
    mp.store.choose('session', true)
    return { code }
  })
  api('checkSession', () => {
    if (!mp.store.choice('session')) throw failure('session time out, need relogin')
    return {}
  })
  api('requestSubscribeMessage', (options) => subscribe(mp, options))
  const authSetting = () =>
    Object.fromEntries(SCOPES.filter((scope) => mp.store.choice(scope) !== null).map((scope) => [scope, mp.store.choice(scope)]))
  const itemSettings = () => Object.fromEntries(mp.store.names('choice:' + KEPT).map((id) => [id, mp.store.choice(KEPT + id)]))
  api('getSetting', ({ withSubscriptions }) => ({
    authSetting: authSetting(),
    ...(withSubscriptions ? { subscriptionsSetting: { mainSwitch: true, itemSettings: itemSettings() } } : {}),
  }))
  mp.authorize = async (scope, wish) => {
    if (mp.store.choice(scope) === null)
      mp.store.choose(scope, (await mp.ui.modal({ title: wish, content: '', confirmText: '允许', cancelText: '拒绝' })).confirm)
    if (!mp.store.choice(scope)) throw failure('auth deny', { errno: 103 })
  }
  api('authorize', async ({ scope }) => {
    if (!SCOPES.includes(scope)) throw failure('scope is not supported here')
    await mp.authorize(scope, '保存图片到你的相册')
    return {}
  })
  mp.openSetting = async () => {
    const allowed = await mp.ui.settings(SCOPES.map((scope) => ({ scope, title: '添加到相册', on: mp.store.choice(scope) === true })))
    for (const [scope, on] of Object.entries(allowed)) mp.store.choose(scope, on)
    return { authSetting: authSetting() }
  }
  api('openSetting', mp.openSetting)
  api('getUserProfile', () => ({ userInfo: { nickName: '微信用户', avatarUrl: '' } })) // grey for everybody since 2022
  api('getUserInfo', () => ({ userInfo: { nickName: '微信用户', avatarUrl: '' } }))
  sync('getAccountInfoSync', () => ({
    miniProgram: { appId: APP_ID, envVersion: mp.params.get('env') ?? 'develop', version: '' },
  }))
}
