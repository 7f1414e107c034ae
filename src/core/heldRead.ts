/**
 * Blobs are read into memory that is used again. Chromium lets go of a blob's stream while such a read is still on its way,
 * unless somebody holds it: whoever waits does not (a promise does not know who will settle it), so if garbage is collected
 * just then, the reader goes with all that waits for it, and nobody hears of it again. So readers are held while they read.
 */
const reading = new Set<ReadableStreamBYOBReader>()

/** `reader.read(room)` that is sure to be answered. */
export async function heldRead(
  reader: ReadableStreamBYOBReader,
  room: Uint8Array<ArrayBuffer>
): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  reading.add(reader)
  try {
    return await reader.read(room)
  } finally {
    reading.delete(reader)
  }
}
