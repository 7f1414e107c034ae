/** What goes wrong for the user's reasons, not the program's: a line that says so, and no stack. */

/** Its message is to be said as it stands. */
export class PlainError extends Error {}

const system: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a folder on the way there is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'something else has that name',
  EACCES: 'that is not permitted',
  EPERM: 'that is not permitted',
  EROFS: 'it lies on what can only be read',
  ENOSPC: 'the disk is full'
}

/** Why the system refuses something; undefined for what did not come from it. */
export function refusalOf(error: unknown): string | undefined {
  const { code, message, syscall } = error as NodeJS.ErrnoException
  return syscall ? (system[code ?? ''] ?? message) : undefined
}
