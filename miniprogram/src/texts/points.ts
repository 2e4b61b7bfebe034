/** 积分 */
export const points = {
  title: '积分',
  available: '现在可用',
  pending: '待生效 {points}',
  debt: '待补回 {points}',
  expiring: '{points} 分将在 {date}过期',
  list: '每一笔的来历',
  states: { available: '', pending: '{date}生效', pendingNoDate: '待生效', spent: '', expired: '已过期', reversed: '已收回' },
  statement: '下载对账单',
  statementSend: '发送对账单',
  statementName: '积分对账单.json',
  emptyTitle: '还没有积分',
  emptyBody: '推荐的朋友第一次来店里消费后，积分就会记在这里。',
  emptyGo: '看看怎么推荐',
}
