/**
 * The languages of the page, each a piece of it that is loaded when it is shown: the texts of one are a tenth of the first
 * load. The built index.html asks for the reader's own (vite.config.ts), so that it is there when the page is.
 */
import type { Messages } from './en.ts'
import type { Locale } from './format.ts'

export type { Locale } from './format.ts'

export interface Language {
  locale: Locale
  messages: Messages
}

const pieces: Record<Locale, () => Promise<{ messages: Messages }>> = {
  en: () => import('./en.ts'),
  ja: () => import('./ja.ts')
}
export const locales = Object.keys(pieces) as Locale[]

/** Loads a language, once; rejects where its piece does not come. Asked for again, a browser tries again. */
export async function loadLanguage(locale: Locale): Promise<Language> {
  const { messages } = await pieces[locale]()
  return { locale, messages }
}

/** The first language of the reader's that the page speaks; English if there is none. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const known = locales.find(locale => language.toLowerCase().split('-')[0] === locale)
    if (known) return known
  }
  return 'en'
}
