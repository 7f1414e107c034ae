/** Grey and colour, pixel by pixel [.., 3] <-> [.., 1]. */

/** Whether every pixel of a three-channel image is a grey. */
export function isGrey(pixels: Uint8Array): boolean {
  for (let i = 0; i < pixels.length; i += 3)
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false
  return true
}

/** ITU-R 601's luma in the integers of Pillow's convert('L'). */
export function greyOf(pixels: Uint8Array, out: Uint8Array): void {
  for (let i = 0, from = 0; from < pixels.length; i++, from += 3)
    out[i] = (pixels[from] * 19595 + pixels[from + 1] * 38470 + pixels[from + 2] * 7471 + 0x8000) >> 16
}

export function threeChannels(grey: Uint8Array, out: Uint8Array): void {
  for (let i = 0, to = 0; i < grey.length; i++, to += 3) out[to] = out[to + 1] = out[to + 2] = grey[i]
}
