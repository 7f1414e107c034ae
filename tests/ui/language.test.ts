import { describe, expect, it } from 'vitest'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { loadLanguage, locales, type Language, type Locale } from '../../src/i18n/language.ts'
import { firstLanguage, firstLocale } from '../../src/state/firstLanguage.ts'
import { LocaleState } from '../../src/state/locale.svelte.ts'
import { noPreferences } from './fakes.ts'

const language = (locale: Locale): Language => ({ locale, messages: catalogues[locale] })
const notThere = new TypeError('Failed to fetch dynamically imported module: https://x/assets/ja-D.js')

/** Loads that a test answers, in whatever order. */
function slowly() {
  const answers: Record<string, { come: () => void; fail: () => void }> = {}
  const load = (locale: Locale) =>
    new Promise<Language>((resolve, reject) => {
      answers[locale] = { come: () => resolve(language(locale)), fail: () => reject(notThere) }
    })
  return { load, answers }
}

it('every language is a piece that can be loaded', async () => {
  for (const locale of locales) expect(await loadLanguage(locale)).toEqual(language(locale))
})

describe('at first', () => {
  it("is the reader's choice, else the browser's language", () => {
    const preferences = noPreferences()
    expect(firstLocale(preferences, ['ja-JP'])).toBe('ja')
    preferences.write('locale', 'en')
    expect(firstLocale(preferences, ['ja-JP'])).toBe('en')
    preferences.write('locale', 'of a later version')
    expect(firstLocale(preferences, ['ja-JP'])).toBe('ja')
  })

  it('is another one, with what happened, where the wanted one does not come', async () => {
    expect(await firstLanguage('ja')).toEqual({ language: language('ja') })
    const load = async (locale: Locale) => (locale === 'ja' ? Promise.reject(notThere) : language(locale))
    expect(await firstLanguage('ja', load)).toEqual({ language: language('en'), missing: notThere })
  })
})

describe('switching', () => {
  it('leaves everything as it is until the other language is there, then keeps the choice', async () => {
    const [preferences, { load, answers }] = [noPreferences(), slowly()]
    const state = new LocaleState(preferences, language('en'), load)
    const switched = state.set('ja')
    expect([state.current, preferences.read('locale')]).toEqual(['en', undefined])
    expect(state.messages).toBe(catalogues.en)
    answers.ja.come()
    await switched
    expect([state.current, preferences.read('locale')]).toEqual(['ja', 'ja'])
    expect(state.messages).toBe(catalogues.ja)
    expect(state.format.list(['甲', '乙'])).toBe('甲、乙')
  })

  it('that fails says so and changes nothing; asked again, it is tried again', async () => {
    const [preferences, { load, answers }] = [noPreferences(), slowly()]
    const state = new LocaleState(preferences, language('en'), load)
    const switched = state.set('ja')
    answers.ja.fail()
    await expect(switched).rejects.toBe(notThere)
    expect([state.current, preferences.read('locale')]).toEqual(['en', undefined])
    const again = state.set('ja')
    answers.ja.come()
    await again
    expect(state.current).toBe('ja')
  })

  it('goes by what was asked for last', async () => {
    const { load, answers } = slowly()
    const state = new LocaleState(noPreferences(), language('en'), load)
    const [there, back] = [state.set('ja'), state.set('en')]
    answers.en.come()
    await back
    answers.ja.come()
    await there
    expect(state.current).toBe('en')
  })
})
