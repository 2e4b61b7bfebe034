/** 门店 */
export const stores = {
  title: '门店',
  call: '打电话',
  copyAddress: '复制地址',
  emptyTitle: '门店资料还在整理',
  emptyBody: '过几天再来看看。',
}
