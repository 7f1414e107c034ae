/** Where the pointer is in an element, in px of that element, however much larger it is shown. */
export function within(element: HTMLElement, { clientX, clientY }: MouseEvent): { x: number; y: number } {
  const { left, top, width } = element.getBoundingClientRect()
  const scale = width / element.offsetWidth || 1
  return { x: (clientX - left) / scale, y: (clientY - top) / scale }
}
