/** Where the backend is, by the version of the mini-program that WeChat runs. */
import { baseUrl as develop } from './env.develop'
import { baseUrl as release } from './env.release'
import { baseUrl as trial } from './env.trial'

const BASE_URLS: Record<string, string> = { develop, trial, release }

/** Answer the base URL without a trailing slash. */
export function baseUrl(): string {
  const { envVersion } = wx.getAccountInfoSync().miniProgram
  return BASE_URLS[envVersion] ?? release
}
