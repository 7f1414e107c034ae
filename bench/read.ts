/** The bytes of a file: from disk in Node, by address in a browser. */
export async function readBytes(place: string): Promise<Uint8Array> {
  if (/^(https?|data):/.test(place)) return new Uint8Array(await (await fetch(place)).arrayBuffer())
  const { readFile } = await import('node:fs/promises')
  return new Uint8Array(await readFile(place))
}
