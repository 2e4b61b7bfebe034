/** Turns WeChat's units of an inline style into those of CSS: 750 rpx are the width of the screen, 100 vh the height of the page without its bars. */
export const inlineStyle = (text) =>
  text
    .replace(/(-?(?:\d*\.)?\d+)rpx\b/g, (_, number) => Number((number / 7.5).toFixed(5)) + 'vw')
    .replace(/(-?(?:\d*\.)?\d+)vh\b/g, (_, number) => `calc(${number} * var(--mp-vh, 1vh))`)
