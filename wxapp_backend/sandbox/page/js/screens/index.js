/** All screens of the phone by name. A screen is `{name, element, update(), shown?()}`. */
import { albumScreen, pictureScreen } from './album.js'
import { accountScreen } from './account.js'
import { chatScreen } from './chat.js'
import { chatsScreen } from './chats.js'
import { consentsScreen } from './consents.js'
import { foundScreen } from './found.js'
import { scannerScreen } from './scanner.js'
import { contactsScreen, discoverScreen, meScreen } from './tabs.js'

const SCREENS = {
  chats: chatsScreen,
  contacts: contactsScreen,
  discover: discoverScreen,
  me: meScreen,
  chat: chatScreen,
  account: accountScreen,
  scanner: scannerScreen,
  found: foundScreen,
  album: albumScreen,
  picture: pictureScreen,
  consents: consentsScreen,
}

export const makeScreen = (phone, name, given) => ({ name, ...SCREENS[name](phone, given) })
