/**
 * How often files are broken, and what one of them may take. The suite does what the requirements ask for, thousands of
 * each format; `FUZZ=20000 npx vitest run --project unit Fuzz` breaks each format that many times, and says how long the
 * slowest of its files took.
 */
const asked = Number(process.env.FUZZ ?? 0)

export const runs = asked || 2000

/** Milliseconds for a file; those of the suite take a few. */
const MOST = 1000

/** Times what is done to one kind of file; none may take more than `most` milliseconds. */
export function stopwatch(name: string, most = MOST) {
  let slowest = 0

  /** Without an outcome where it does not come in time. */
  async function timed<T>(work: () => Promise<T>) {
    let timer: ReturnType<typeof setTimeout>
    const late = new Promise<undefined>(resolve => {
      timer = setTimeout(resolve, most, undefined)
    })
    const began = performance.now()
    const done = work().then(
      value => () => value,
      (error: unknown) => () => {
        throw error
      }
    )
    const outcome = await Promise.race([done, late]).finally(() => clearTimeout(timer))
    // work that never waits has held up the timer as well
    const took = performance.now() - began
    return { took, outcome: took > most ? undefined : outcome }
  }

  return {
    /** Fails where the answer is late twice: once may be the machine's fault, which has other things to do as well. */
    async read<T>(work: () => Promise<T>): Promise<T> {
      for (const again of [true, false]) {
        const { took, outcome } = await timed(work)
        if (outcome) {
          slowest = Math.max(slowest, took)
          return outcome()
        }
        if (!again) break
      }
      throw new Error(`${name}: a file was not answered within ${most} ms`)
    },
    say() {
      if (asked) console.log(`${name}: ${asked} files, the slowest took ${slowest.toFixed(0)} ms`)
    }
  }
}
