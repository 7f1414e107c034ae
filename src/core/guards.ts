/** What a value that was read back may be. */

export const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null
