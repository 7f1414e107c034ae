/** A backend or worker that could not be opened, a training that went wrong. `code` is a key of the message catalogue; the text is for the console. */
export class RuntimeError extends Error {
  constructor(
    readonly code: string,
    message: string
  ) {
    super(message)
  }
}
