/** Words that several screens share. */
export const common = {
  retry: '再试一次',
  ok: '好的',
  gotIt: '知道了',
  save: '保存',
  copy: '复制',
  copiedWhole: '已复制，可以粘贴到别处保存',
  someFriend: '一位朋友',
  back: '返回',
  home: '去首页',
  loading: '正在加载',
  more: '正在加载更多',
  end: '到底了',
  moreFailed: '没加载出来，轻点再试',
  failedTitle: '没能加载出来',
  failedBody: '可能是网络打了个盹，稍等再试。',
  codeField: '8 位推荐码',
}

/** What the phone itself has to say when the server could not. */
export const failures = {
  offline: '网络断开了，连上后再试一次。',
  timeout: '网络有点慢，请再试一次。',
  server: '店里的系统正忙，请稍后再试。',
  signIn: '登录没有成功，请再试一次。',
  busy: '上一次还在处理，请稍等几秒。',
  unknown: '出了点小问题，请再试一次。',
}
