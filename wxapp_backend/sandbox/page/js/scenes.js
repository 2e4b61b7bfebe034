/** WeChat's scene values: where a page of the mini-program was opened from. */
export const SCENE = {
  home: 1001,
  card: 1007,
  code: 1011,
  service: 1014,
  menu: 1035,
  template: 1043,
  miniCode: 1047,
  accountCard: 1074,
  link: 1082,
}
