/** What can go wrong with a backend, by name, so that the runtime can step down to another one and say why. */
export type EngineErrorCode = 'noAdapter' | 'wrongNumbers' | 'noBackend' | 'lost'

export class EngineError extends Error {
  override readonly name = 'EngineError'
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options)
  }
}
