/** WeChat DevTools and the browser runner: the backend of `make demo`. */
export const baseUrl = 'http://127.0.0.1:8000'
