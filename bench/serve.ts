/** The side of whoever takes part: does what it is asked and takes the time. */
import { contenders, type Contender, type ContenderName } from './contender.ts'
import { countDispatches } from './dispatches.ts'
import type { Command, Reply } from './protocol.ts'

/** Milliseconds of processor time of this process so far; undefined in a browser. */
function used(): number | undefined {
  if (typeof process !== 'object' || !process.cpuUsage) return undefined
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

export function participant(name: ContenderName, ready: (command: Command) => Promise<void>) {
  let contender: Contender | undefined
  const counted = countDispatches()

  async function timed(work: () => Promise<void>): Promise<Reply> {
    const before = { ...counted }
    const usedBefore = used()
    const began = performance.now()
    await work()
    const milliseconds = performance.now() - began
    return {
      milliseconds,
      processor: usedBefore === undefined ? undefined : used()! - usedBefore,
      dispatches: counted.dispatches - before.dispatches,
      submits: counted.submits - before.submits
    }
  }

  async function answer(command: Command): Promise<Reply> {
    await ready(command)
    if (command.do === 'open') {
      contender = await contenders[name](command.setup)
      countDispatches(counted)
      return { description: contender.description }
    }
    if (!contender) throw new Error('not open')
    const { do: what } = command
    if (what === 'peaks') return { peaks: await contender.peaks?.() }
    if (what === 'kernels') return { kernels: await contender.kernels?.(command.replicas) }
    if (what === 'epoch') return { milliseconds: await contender.epoch?.() }
    if (what === 'geometry') return { geometry: await contender.geometry?.(command.question, command.goes) }
    if (what === 'train') return timed(() => contender!.train(command.replicas, command.steps))
    await contender.prepare(command.replicas)
    return timed(() => contender!.score(command.replicas, command.need, command.images))
  }
  return (command: Command): Promise<Reply> =>
    answer(command).catch((error: unknown) => ({ error: String((error as Error)?.message ?? error) }))
}
