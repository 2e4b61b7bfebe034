/** 体验版: the shop's staging host; it must stand in the list of request domains. */
export const baseUrl = 'https://trial.yinjian.example'
