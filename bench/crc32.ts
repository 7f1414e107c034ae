/** The checksum of ZIP and gzip (ISO 3309), by a table of bytes. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  return c
})

export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = (c >>> 8) ^ table[(c ^ byte) & 255]
  return (c ^ 0xffffffff) >>> 0
}
