/** The turn of one among several, such as the tabs of a browser, at what only one of them should do at a time. */

/** Waits until nobody else has the turn, and gives what lets the next one have it. Rejects when the signal calls it off. */
export type AskForTurn = (signal: AbortSignal) => Promise<() => void>

/** Who waits longer is told (milliseconds). */
const LONG = 100

export class Turn {
  /** from when it was asked for until it is given back */
  private asked: Promise<() => void> | undefined
  private readonly off = new AbortController()

  constructor(private readonly ask: AskForTurn) {}

  /** Waits for it; `waits` is called if that takes. False if it was called off. */
  async take(waits: () => void): Promise<boolean> {
    const asked = (this.asked ??= this.ask(this.off.signal))
    const timer = setTimeout(waits, LONG)
    return asked
      .then(
        () => !this.off.signal.aborted,
        () => false
      )
      .finally(() => clearTimeout(timer))
  }

  giveBack(): void {
    // one that never came is not given back
    void this.asked?.then(release => release()).catch(() => {})
    this.asked = undefined
  }

  /** It is not wanted any more. */
  callOff(): void {
    this.off.abort()
    this.giveBack()
  }
}
