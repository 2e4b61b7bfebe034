/** 消息 */
export const inbox = {
  title: '消息',
  open: '去看看',
  unread: '未读',
  emptyTitle: '还没有消息',
  emptyBody: '朋友到店、奖励到账，都会告诉你。',
  emptyGo: '看看我的推荐',
}
