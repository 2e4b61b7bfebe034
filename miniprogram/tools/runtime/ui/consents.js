/** The dialogs in which WeChat itself asks the person: subscription messages, privacy, transfers, settings, and the card before it is sent. */
import { ask, button, make } from './dom.js'

const head = (mp, wish) => make('div', 'mp-consent-h', make('b', '', mp.appTitle || '小程序'), make('span', '', wish))

function toggle(label, isOn) {
  const box = Object.assign(make('input'), { type: 'checkbox', checked: isOn })
  return { row: make('label', 'mp-consent-i', make('span', '', label), box), isOn: () => box.checked }
}

export function createConsents(mp) {
  return {
    /** Answers which templates were accepted and whether the choice shall stand for always. */
    subscribe: (templates) =>
      ask('mp-bottom mp-subscribe', (done) => {
        const rows = templates.map(({ id, title }) => ({ id, ...toggle(title, true) }))
        const always = toggle('总是保持以上选择，不再询问', false)
        const close = (allowed) => {
          const verdicts = rows.map(({ id, isOn }) => [id, allowed && isOn() ? 'accept' : 'reject'])
          done({ chosen: Object.fromEntries(verdicts), always: always.isOn() })
        }
        const buttons = make(
          'div',
          'mp-consent-b',
          button('mp-no', '取消', () => close(false)),
          button('mp-yes', '允许', () => close(true)),
        )
        return make('div', 'mp-consent', head(mp, '想给你发送以下消息'), ...rows.map(({ row }) => row), always.row, buttons)
      }),
    privacy: (contract) =>
      ask('mp-bottom mp-privacy', (done) => {
        const link = button('mp-link', contract, () => mp.ui.contract(contract))
        const text = make('p', 'mp-consent-p', '在你使用服务前，请仔细阅读', link, '。如你同意该指引，请点击“同意”开始使用。')
        const buttons = make(
          'div',
          'mp-consent-b',
          button('mp-no', '拒绝', () => done(false)),
          button('mp-yes', '同意', () => done(true)),
        )
        return make('div', 'mp-consent', head(mp, '隐私保护提示'), text, buttons)
      }),
    /** WeChat Pay asks whether to take the merchant's transfer; how much it is, only WeChat Pay would know. */
    transfer: () =>
      ask('mp-bottom mp-transfer', (done) => {
        const buttons = make(
          'div',
          'mp-consent-b',
          button('mp-no', '取消', () => done(false)),
          button('mp-yes', '确认收款', () => done(true)),
        )
        return make('div', 'mp-consent', head(mp, '收款确认'), make('p', 'mp-consent-p', '商家向你转账，确认后存入你的零钱。'), buttons)
      }),
    contract: async (contract) => {
      await ask('mp-bottom mp-contract', (done) =>
        make(
          'div',
          'mp-consent',
          head(mp, contract),
          make('p', 'mp-consent-p', '这里由微信展示小程序在公众平台填写的隐私保护指引。'),
          button('mp-yes', '我知道了', () => done()),
        ),
      )
      return {}
    },
    settings: (scopes) =>
      ask('mp-bottom mp-settings', (done) => {
        const rows = scopes.map(({ scope, title, on }) => ({ scope, ...toggle(title, on) }))
        const close = () => done(Object.fromEntries(rows.map(({ scope, isOn }) => [scope, isOn()])))
        return make('div', 'mp-consent', head(mp, '设置'), ...rows.map(({ row }) => row), button('mp-yes', '完成', close))
      }),
    /** The card as the friend will see it (picture 5:4); true when the person sends it. */
    card: ({ title, image }) =>
      ask('mp-card-mask', (done) => {
        const picture = image ? Object.assign(make('img', 'mp-card-p'), { src: image, alt: '' }) : make('div', 'mp-card-p')
        const card = make(
          'div',
          'mp-card',
          make('div', 'mp-card-a', mp.appTitle),
          make('div', 'mp-card-t', title),
          picture,
          make('div', 'mp-card-f', '小程序'),
        )
        const buttons = make(
          'div',
          'mp-modal-b',
          button('mp-modal-no', '取消', () => done(false)),
          button('mp-modal-ok mp-send', '发送', () => done(true)),
        )
        return make('div', 'mp-modal', make('div', 'mp-card-h', '发送给朋友'), card, buttons)
      }),
  }
}
