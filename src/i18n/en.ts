/** All that the page says, in English: a piece of the page, loaded when this language is shown. It gives the type of the others. */
import * as charts from './charts.en.ts'
import * as exchange from './exchange.en.ts'
import { catalogue } from './hub.en.ts'
import { lessons } from './lessons.en.ts'
import { library } from './library.en.ts'
import * as maps from './maps.en.ts'
import * as notices from './notices.en.ts'
import type { Say } from './notices.en.ts'
import * as page from './page.en.ts'
import * as rounds from './rounds.en.ts'
import * as rows from './rows.en.ts'
import * as selectors from './selectors.en.ts'
import * as strategies from './strategies.en.ts'

export const messages = {
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

type Codes<T> = { [K in keyof T]: Say }
export type Messages = Omit<typeof messages, 'notices' | 'exchange'> & {
  notices: Codes<typeof messages.notices>
  exchange: Codes<typeof messages.exchange>
}
