/** Whether the page is dark right now: the user's choice, or the system's where the choice is left to it. */
import { MediaQuery } from 'svelte/reactivity'
import type { Theme } from '../state/theme.svelte.ts'

const system = new MediaQuery('(prefers-color-scheme: dark)')

export const darkMode = (theme: Theme): boolean => (theme === 'system' ? system.current : theme === 'dark')
