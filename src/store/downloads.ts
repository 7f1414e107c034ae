/**
 * Downloads in progress: the bytes in parts under their address, and a note of how many there are and what the host said
 * of the file. A part and its note are written together, so what is read back is always a true beginning of the file.
 * What nobody came back for is thrown away when the store is opened.
 */
import type { DownloadStore, Validator } from '../core/downloads.ts'
import type { Shelf } from './shelf.ts'

const SCHEMA = 1
/** milliseconds after which an unfinished download is given up */
const KEPT_FOR = 7 * 24 * 3600 * 1000

interface Note extends Validator {
  schema: number
  url: string
  parts: number
  bytes: number
  /** of the last part, milliseconds since 1970 */
  at: number
}

const noteName = (url: string) => `note/${url}`
const partName = (url: string, i: number) => `part/${String(i).padStart(6, '0')}/${url}`

function isNote(value: unknown): value is Note {
  const note = value as Partial<Note> | undefined
  return note?.schema === SCHEMA && typeof note.url === 'string' && typeof note.parts === 'number'
}

export interface SweptDownloads extends DownloadStore {
  /** removes what is older than a week, and parts that no note knows */
  sweep(now: number): Promise<void>
}

export function downloads(shelf: Shelf): SweptDownloads {
  const notes = async () => {
    const names = (await shelf.keys()).filter(name => name.startsWith('note/'))
    return (await shelf.getMany(names)).filter(isNote)
  }
  const noteOf = async (url: string) => {
    const value = await shelf.get(noteName(url))
    return isNote(value) ? value : undefined
  }
  const namesOf = ({ url, parts }: Note) => Array.from({ length: parts }, (_, i) => partName(url, i))

  async function forget(urls: readonly string[]): Promise<void> {
    const known = (await Promise.all(urls.map(noteOf))).filter(note => note !== undefined)
    // the notes first: interrupted, the parts are swept
    await shelf.delMany(known.map(({ url }) => noteName(url)))
    await shelf.delMany(known.flatMap(namesOf))
  }

  return {
    async get(url) {
      const note = await noteOf(url)
      if (!note) return undefined
      const parts: Blob[] = []
      // one at a time: a blob can live on the disk, a buffer cannot
      for (const name of namesOf(note)) {
        const part = await shelf.get(name)
        if (!(part instanceof ArrayBuffer)) return undefined
        parts.push(new Blob([part]))
      }
      if (parts.reduce((sum, part) => sum + part.size, 0) !== note.bytes) return undefined
      return { parts, etag: note.etag, total: note.total }
    },

    async append(url, offset, bytes, { etag, total }, now) {
      const before = await noteOf(url)
      if (offset === 0 && before) await forget([url])
      const kept = offset === 0 ? { parts: 0, bytes: 0 } : before
      if (kept?.bytes !== offset) throw new Error(`byte ${offset} of ${url} does not follow what is kept`)
      const note: Note = {
        schema: SCHEMA,
        url,
        parts: kept.parts + 1,
        bytes: kept.bytes + bytes.byteLength,
        etag,
        total,
        at: now
      }
      await shelf.write([
        [partName(url, kept.parts), bytes],
        [noteName(url), note]
      ])
    },

    forget,

    async list() {
      return (await notes()).map(({ url, bytes, total }) => ({ url, bytes, total }))
    },

    async sweep(now) {
      await forget((await notes()).filter(({ at }) => now - at > KEPT_FOR).map(({ url }) => url))
      // the parts before the notes: another tab may be writing, and its parts come with their note
      const parts = (await shelf.keys()).filter(name => name.startsWith('part/'))
      const owned = new Set((await notes()).flatMap(namesOf))
      const left = parts.filter(name => !owned.has(name))
      if (left.length) await shelf.delMany(left)
    }
  }
}
