/** What one presses gives way to something else: a focus that stood on it stays near. */
import { tick } from 'svelte'

/**
 * After each of the changes a focus that was in a place and is lost goes to the answer that is waited for there ([data-answer]),
 * else to the place itself. To be called while a component is made.
 */
export function keepFocus(place: () => HTMLElement | undefined, changes: () => unknown): void {
  const isInside = () => !!place()?.contains(document.activeElement)
  $effect.pre(() => {
    void changes()
    if (!isInside()) return
    void tick().then(() => {
      if (isInside()) return
      const answer = place()?.querySelector<HTMLElement>('[data-answer]')
      ;(answer ?? place())?.focus()
    })
  })
}
