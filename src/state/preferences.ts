/** Small choices of the user's (language, colours) that have to be known before the first paint. Never throws. */
export interface Preferences {
  read(key: string): string | undefined
  write(key: string, value: string): void
}

export const PREFIX = 'dal-playground.'

/** Kept in the browser where it allows, for this tab where it does not. */
export function keptPreferences(storage: () => Storage): Preferences {
  const memory = new Map<string, string>()
  return {
    read: key => {
      try {
        return storage().getItem(PREFIX + key) ?? memory.get(key)
      } catch {
        return memory.get(key)
      }
    },
    write: (key, value) => {
      memory.set(key, value)
      try {
        storage().setItem(PREFIX + key, value)
      } catch {
        // refused: it lasts as long as the tab
      }
    }
  }
}
