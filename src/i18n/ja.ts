/** All that the page says, in Japanese: a piece of the page, loaded when this language is shown. */
import * as charts from './charts.ja.ts'
import * as exchange from './exchange.ja.ts'
import { catalogue } from './hub.ja.ts'
import { lessons } from './lessons.ja.ts'
import { library } from './library.ja.ts'
import * as maps from './maps.ja.ts'
import * as notices from './notices.ja.ts'
import * as page from './page.ja.ts'
import * as rounds from './rounds.ja.ts'
import * as rows from './rows.ja.ts'
import * as selectors from './selectors.ja.ts'
import * as strategies from './strategies.ja.ts'
import type { Messages } from './en.ts'

export const messages: Messages = {
  ...page,
  ...rows,
  ...strategies,
  ...selectors,
  ...maps,
  ...rounds,
  ...notices,
  ...exchange,
  ...charts,
  catalogue,
  lessons,
  library
}
