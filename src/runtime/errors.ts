/** What goes wrong outside the science: a backend, a worker, a training, a data set that is gone. */
export class RuntimeError extends Error {
  constructor(
    /** a key of the message catalogue */
    readonly code: string,
    /** for the console */
    message: string,
    readonly parameters: Record<string, string | number> = {}
  ) {
    super(message)
  }
}
