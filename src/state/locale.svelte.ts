/** The language of the page: the browser's at first, the user's choice from then on; switching reloads nothing. */
import { catalogues, formatOf, locales, preferredLocale, type Locale, type Messages } from '../i18n/index.ts'
import type { Preferences } from './preferences.ts'

export class LocaleState {
  current = $state<Locale>('en')
  readonly messages: Messages = $derived(catalogues[this.current])
  readonly format = $derived(formatOf(this.current))
  readonly #preferences: Preferences

  constructor(preferences: Preferences, languages: readonly string[]) {
    this.#preferences = preferences
    const kept = preferences.read('locale')
    this.current = locales.find(l => l === kept) ?? preferredLocale(languages)
  }

  set(locale: Locale): void {
    this.current = locale
    this.#preferences.write('locale', locale)
  }
}
