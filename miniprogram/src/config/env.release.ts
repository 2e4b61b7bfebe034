/** 正式版: the shop's own host; it must stand in the list of request domains. */
export const baseUrl = 'https://yinjian.example'
