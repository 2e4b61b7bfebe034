/** WeChat Pay as far as a reward needs it: the person confirms a transfer of the merchant (商家转账), the sandbox carries it out. */
import { APP_ID } from './account.js'
import { failure } from './index.js'

const REQUIRED = ['mchId', 'appId', 'package']

function checkTexts(options) {
  for (const name of REQUIRED) {
    const value = options[name]
    if (typeof value !== 'string') {
      const kind = Object.prototype.toString.call(value).slice(8, -1)
      throw failure(`parameter error: parameter.${name} should be String instead of ${kind};`)
    }
    if (!value) throw failure(`parameter error: parameter.${name} should not be empty;`)
  }
}

/** Source: wx.requestMerchantTransfer, base library 3.3.0. WeChat's words for another mini-program's appId are not published. */
async function confirmTransfer(mp, options) {
  checkTexts(options)
  if (mp.network === 'none') throw failure('net::ERR_INTERNET_DISCONNECTED')
  const { appId, package: bill } = options
  if (appId !== APP_ID && appId !== (await mp.person.appId())) throw failure('appId is not that of this mini-program')
  if (!(await mp.ui.transfer())) throw failure('cancel')
  await mp.person.confirmTransfer(bill)
  return { result: 'success' }
}

export function addPayment({ mp, api }) {
  api('requestMerchantTransfer', (options) => confirmTransfer(mp, options))
}
