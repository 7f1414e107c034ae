/** The language in which the page opens: what the reader chose here before, else the browser's. */
import { loadLanguage, locales, preferredLocale, type Language, type Locale } from '../i18n/language.ts'
import type { Preferences } from './preferences.ts'

export function firstLocale(preferences: Preferences, languages: readonly string[]): Locale {
  const kept = preferences.read('locale')
  return locales.find(locale => locale === kept) ?? preferredLocale(languages)
}

/** The language, or another one where it does not come, with what became of it: the page in other words is better than none. */
export async function firstLanguage(
  wanted: Locale,
  load = loadLanguage
): Promise<{ language: Language; missing?: unknown }> {
  try {
    return { language: await load(wanted) }
  } catch (missing) {
    const others = locales.filter(locale => locale !== wanted)
    return { language: await Promise.any(others.map(load)), missing }
  }
}
