/** What all archives share: names that may be trusted with nothing, and members that are known by path and archive. */
import { DataError } from '../errors.ts'
import { tidyPath } from './source.ts'

/** How the user knows a member. */
export const memberName = (archive: string, path: string) => `${archive} › ${path}`

/** The path of a member, tidied. Paths never become files here, but whoever writes such names is up to something. */
export function safePath(archive: string, name: string): string {
  const path = tidyPath(name)
  const leadsOut =
    path.split('/').includes('..') || /^([\\/]|[a-z]:)/i.test(name) || name.includes('\0') || path === ''
  if (leadsOut) throw new DataError('unsafePath', { file: memberName(archive, name.replaceAll('\0', '␀')) })
  return path
}
