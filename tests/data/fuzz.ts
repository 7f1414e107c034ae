/**
 * How often files are broken. The suite does as much as its time allows; `FUZZ=5000 npx vitest run --project unit Fuzz`
 * breaks each format that many times, and says how long the slowest of its files took.
 */
const asked = Number(process.env.FUZZ ?? 0)

export const runs = (usual: number) => asked || usual

/** A hang is found by this, not a slow machine: a file takes a few milliseconds. */
const HANG = 60_000

/** Times what is done to one kind of file. */
export function stopwatch(name: string) {
  let slowest = 0
  return {
    async read<T>(work: () => Promise<T>): Promise<T> {
      let timer: ReturnType<typeof setTimeout>
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${name} hangs`)), HANG)
      })
      const began = performance.now()
      return Promise.race([work(), late]).finally(() => {
        clearTimeout(timer)
        slowest = Math.max(slowest, performance.now() - began)
      })
    },
    say() {
      if (asked) console.log(`${name}: ${asked} files, the slowest took ${slowest.toFixed(0)} ms`)
    }
  }
}
