/** Both languages at once: for tests and scripts. The page loads one (language.ts). */
import type { Locale } from './format.ts'
import { messages as en, type Messages } from './en.ts'
import { messages as ja } from './ja.ts'

export const catalogues: Record<Locale, Messages> = { en, ja }
