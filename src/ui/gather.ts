/**
 * Files from wherever they come: a dialog for files or folders, a drop, the clipboard. A folder gives all files in it, with
 * their paths; what that means is for the formats to say.
 */

/** A file with its path in the folder that was given; its name where there is none. */
export interface Gathered {
  path: string
  file: File
}

export const fromInput = (input: HTMLInputElement): Gathered[] =>
  [...(input.files ?? [])].map(file => ({ path: file.webkitRelativePath || file.name, file }))

/** What a drop or a paste carries; pasted pictures all have the same name, so they are numbered. */
export function fromTransfer(transfer: DataTransfer, seen: (count: number) => void): Promise<Gathered[]> {
  // the items are gone after this turn of the event loop: their entries and files stay
  const items = [...transfer.items].filter(item => item.kind === 'file')
  const roots = items.map(item => {
    const entry = item.webkitGetAsEntry?.()
    // WebKit makes entries of files that are on no disk, as of a pasted picture, and these cannot be opened
    return entry?.isDirectory ? entry : item.getAsFile()
  })
  return walk(roots, seen)
}

async function walk(
  roots: readonly (FileSystemEntry | File | null)[],
  seen: (count: number) => void
): Promise<Gathered[]> {
  const gathered: Gathered[] = []
  const add = (path: string, file: File) => {
    gathered.push({ path, file })
    if (gathered.length % 100 === 0) seen(gathered.length)
  }
  const names = new Map<string, number>()
  const fresh = (name: string) => {
    const before = names.get(name) ?? 0
    names.set(name, before + 1)
    return before ? name.replace(/(\.[^.]*)?$/, `-${before + 1}$1`) : name
  }
  const open: FileSystemEntry[] = []
  for (const root of roots) {
    if (root instanceof File) add(fresh(root.name), root)
    else if (root) open.push(root)
  }
  // it grows on the way; taken from its front, a large folder would take minutes
  for (const entry of open) {
    const path = entry.fullPath.replace(/^\//, '')
    if (entry.isFile) add(path || entry.name, await fileOf(entry as FileSystemFileEntry))
    else for (const inner of await entriesOf(entry as FileSystemDirectoryEntry)) open.push(inner)
  }
  return gathered
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject))

/** All entries of a folder; the browser gives them in portions. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    )
    if (!some.length) return all
    all.push(...some)
  }
}
