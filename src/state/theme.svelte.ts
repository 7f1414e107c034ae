/** Light, dark, or whatever the system says. */
import type { Preferences } from './preferences.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export class ThemeState {
  current = $state<Theme>('system')
  readonly #preferences: Preferences

  constructor(preferences: Preferences) {
    this.#preferences = preferences
    const kept = preferences.read('theme')
    this.current = themes.find(t => t === kept) ?? 'system'
  }

  set(theme: Theme): void {
    this.current = theme
    this.#preferences.write('theme', theme)
  }
}
