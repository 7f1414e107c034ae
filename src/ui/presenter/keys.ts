/**
 * The keys of the presenter view: those that a presenter's remote sends, and those at hand on a keyboard. Charts, dial and fields keep
 * theirs. No letters or figures: screen readers and people who dictate have them.
 */

/** The step of a lesson, the charts on screen, or back to the page. */
export type Act = 'next' | 'previous' | 'chartsOn' | 'chartsBack' | 'leave'

/**
 * Who has the key first. 'free': nobody; 'typing': a field; 'held': a chart or a handle that was reached by keyboard; 'touched': one
 * that was last pressed with the pointer, where a remote's keys are the presenter's.
 */
export type Place = 'free' | 'typing' | 'held' | 'touched'

type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'isComposing'>

const remote: Record<string, Act> = { PageDown: 'next', PageUp: 'previous' }
const arrows: Record<string, Act> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  ArrowDown: 'chartsOn',
  ArrowUp: 'chartsBack'
}

export function actOf(event: Pressed, place: Place): Act | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return undefined
  const of = (acts: Record<string, Act>) => (Object.hasOwn(acts, event.key) ? acts[event.key] : undefined)
  if (place === 'typing') return undefined
  if (event.key === 'Escape') return 'leave'
  if (place === 'free') return of(remote) ?? of(arrows)
  return place === 'touched' ? of(remote) : undefined
}

/** `byKeyboard`: the focus was last moved by the keyboard. */
export function placeOf(target: EventTarget | null, byKeyboard: boolean): Place {
  const closest = (selector: string) => (target as Element | null)?.closest?.(selector)
  if (closest('input, select, textarea, dialog, [contenteditable]')) return 'typing'
  if (!closest('[role=application], [role=slider]')) return 'free'
  return byKeyboard ? 'held' : 'touched'
}
