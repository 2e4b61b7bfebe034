/** 活动规则 */
export const rules = {
  title: '活动规则',
  friendGets: '朋友得',
  youGet: '你得',
  period: '活动时间',
  periodOpen: '{from}起，长期有效',
  periodRange: '{from}–{to}',
  periodTo: '到 {to}',
  poster: '做一张推荐海报',
  listTitle: '说在前面',
  oneLevel: '奖励只给直接推荐的人，每位朋友只认一位推荐人。转发本身没有奖励。',
  contact: '有疑问，可以问店里：{phone}',
  emptyTitle: '现在没有进行中的活动',
  emptyBody: '活动开始后，规则会完整写在这里。',
}
