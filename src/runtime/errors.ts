/** A backend or worker that could not be opened. `code` is a key of the message catalogue; the text is for the console. */
export class PoolError extends Error {
  constructor(
    readonly code: string,
    message: string
  ) {
    super(message)
  }
}
