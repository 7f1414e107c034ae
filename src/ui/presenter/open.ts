/** The way into the presenter view. What it is made of is loaded when it is asked for. */
import { MediaQuery } from 'svelte/reactivity'
import type { Notice } from '../../runtime/client/types.ts'
import type { App } from '../../state/app.svelte.ts'

export type Stage = typeof import('./stage.ts')

/** px of the window: on less it would be a page in small print */
const LEAST = { width: 900, height: 500 }
export const enough = new MediaQuery(`(min-width: ${LEAST.width}px) and (min-height: ${LEAST.height}px)`)
/** why there is no view on less */
export const tooSmall: Notice = { code: 'windowTooSmall', parameters: LEAST }

/** Alt+P: no letter alone, which screen readers and dictation have. On a Mac Option+P is another letter, from the same key. */
export const isToggle = (event: KeyboardEvent): boolean =>
  event.altKey &&
  !event.ctrlKey &&
  !event.metaKey &&
  !event.shiftKey &&
  !event.isComposing &&
  (event.key.toLowerCase() === 'p' || event.code === 'KeyP')

/** Where the page was when it was left for the view. */
export interface Left {
  scroll: number
  focus: Element | null
  /** settles when the browser has given the whole screen, or has not */
  screen: Promise<void> | undefined
}

export interface Opened {
  stage: Stage
  left: Left
}

/** To be called while somebody presses something: only then a browser gives the whole screen. Not all do: nothing depends on it. */
export async function openStage(app: App, take: (opened: Opened) => unknown): Promise<void> {
  const screen = document.documentElement.requestFullscreen?.().catch(() => undefined)
  const left = { scroll: scrollY, focus: document.activeElement, screen }
  try {
    take({ stage: await import('./stage.ts'), left })
  } catch (error) {
    app.notices.addError(error)
    await screen
    if (document.fullscreenElement) await document.exitFullscreen()
  }
}
