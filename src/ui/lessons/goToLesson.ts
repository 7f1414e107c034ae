/** The ways to lessons and back, all by way of the address, so that the browser's back button leads back. */
import { tick } from 'svelte'
import type { App } from '../../state/app.svelte.ts'
import { placeFragment, type Place } from '../../state/lessonAddress.ts'
import { goTo } from '../goTo.ts'

export function goToStep(app: App, place: Place): void {
  const fragment = placeFragment(place)
  if (location.hash !== fragment) history.pushState(null, '', fragment)
  void app.openAddress(fragment)
}

/** Opens a lesson at its first step, and brings its heading to whoever chose it, screen readers too. */
export async function goToLesson(app: App, lesson: string): Promise<void> {
  goToStep(app, { lesson, step: 0 })
  await tick()
  const heading = document.getElementById('lesson')
  if (heading) goTo(heading)
}

export function closeLesson(app: App): void {
  history.pushState(null, '', location.pathname + location.search)
  void app.openAddress('')
}
