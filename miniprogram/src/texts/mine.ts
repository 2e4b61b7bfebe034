/** 我的 */
export const mine = {
  title: '我的',
  setProfile: '设置昵称和头像',
  edit: '编辑资料',
  points: '可用积分',
  code: '推荐码',
  member: '会员码',
  visits: '到店记录',
  inbox: '消息',
  unread: '{count} 条未读',
  rules: '活动规则',
  stores: '门店',
  privacy: '隐私与我的数据',
  staff: '店员工作台',
  joinStaff: '我是店员',
}

/** 昵称与头像 */
export const profile = {
  title: '我的资料',
  avatar: '换头像',
  avatarHint: '轻点选一张，海报上会用到',
  nickname: '昵称',
  nicknamePlaceholder: '朋友平时怎么叫你',
  nicknameCut: '昵称最多 64 个字',
  nameForm: '推荐人看到的你',
  nameForms: { masked: '只显示姓，如“李⁠**”', ms: '称女士，如“李女士”', mr: '称先生，如“李先生”' },
  birthday: '生日',
  birthdayNone: '不填也可以',
  phone: '手机号',
  phoneGo: '用微信手机号',
  phoneHint: '凭手机号能找到你\n不填也可以',
  phoneRefused: '没关系，需要时再填也行',
  phoneBound: '手机号已记好',
  saved: '已保存',
  avatarFailed: '头像没传上去，请再试一次',
}
