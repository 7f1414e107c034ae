/** The language of the page. Another one is loaded when it is asked for; until it is there, all stays as it is. */
import { formatOf, loadLanguage, type Language, type Locale } from '../i18n/index.ts'
import type { Preferences } from './preferences.ts'

export class LocaleState {
  #language = $state.raw() as Language
  readonly current = $derived(this.#language.locale)
  readonly messages = $derived(this.#language.messages)
  readonly format = $derived(formatOf(this.current))
  readonly #preferences: Preferences
  readonly #load: typeof loadLanguage
  #asked: Locale

  constructor(preferences: Preferences, language: Language, load = loadLanguage) {
    this.#preferences = preferences
    this.#load = load
    this.#language = language
    this.#asked = language.locale
  }

  /** Shows another language, and keeps the choice; rejects if it does not come. Of several asked for, the last one counts. */
  async set(locale: Locale): Promise<void> {
    this.#asked = locale
    const language = await this.#load(locale)
    if (this.#asked !== locale) return
    this.#language = language
    this.#preferences.write('locale', locale)
  }
}
