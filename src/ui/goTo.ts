/** Brings a part of the page into view and the focus with it; at once for whoever asks for less motion. */
export function goTo(part: HTMLElement, block: ScrollLogicalPosition = 'start'): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  part.scrollIntoView({ block, behavior: still ? 'auto' : 'smooth' })
  part.focus({ preventScroll: true })
}
