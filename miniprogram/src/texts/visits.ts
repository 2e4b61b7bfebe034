/** 到店记录与评价 */
export const visits = {
  title: '到店记录',
  nth: '第 {number} 次到店',
  review: '写评价',
  reviewed: '已评 {rating} 星',
  emptyTitle: '还没有到店记录',
  emptyBody: '到店时出示券或会员码，这里就会记下来。',
  emptyGo: '看看我的券',
}

export const review = {
  title: '这次怎么样',
  intro: '{store} · {date}',
  rate: '给这次打个分',
  stars: ['不太满意', '还差一点', '还可以', '挺好的', '非常喜欢'],
  starAlt: '{n} 星，{word}',
  tags: '哪里让你印象深',
  words: '想说的话',
  wordsPlaceholder: '一两句就好',
  share: '把这句话也告诉 {name}',
  shareHint: '是 {name} 推荐你来的。不勾选，只有店里看得到。',
  send: '提交评价',
  sending: '正在提交',
  doneTitle: '收到，谢谢你',
  doneShared: '我们会认真看，也会把你的话带给 {name}。',
  donePlain: '我们会认真看每一句。',
  doneGo: '回到到店记录',
  rateFirst: '先点几颗星吧',
  missingTitle: '没找到这次到店',
  missingBody: '它可能已经评价过了。',
}
