/**
 * Takes the times. Everybody is opened first; then go after go each case has its turn, so that what disturbs the machine
 * disturbs all of them; what counts is the median over the goes. A training step is timed as the difference between a
 * long and a short training, so that what a training costs once is not in it.
 */
import type { Ask, Command, Reply } from './protocol.ts'
import type { NeedName } from './work.ts'

/** One who takes part, in as many copies as are asked at the same time. */
export interface Entrant {
  name: string
  copies: Ask[]
  description: string
  /** replicas that it trains in one go; everything else is a multiple of one */
  together: readonly number[]
  /** what it can be asked */
  needs: readonly NeedName[]
}

export interface Case {
  entrant: Entrant
  replicas: number
  /** how many copies work at the same time, each on its own replicas */
  copies: number
  need?: NeedName
}

export interface Times {
  name: string
  replicas: number
  copies: number
  need?: NeedName
  /** training: milliseconds of one step of all replicas of one copy; scoring: milliseconds of one image through all of them */
  milliseconds: number
  /** of the single goes */
  all: number[]
  /** the same in processor time, of those who use the processor alone and work alone */
  processor?: number
  /** of one step, or of the whole scoring */
  dispatches?: number
  submits?: number
  error?: string
}

/** Seconds one go should last; how many goes; a case that would take longer than `patience` seconds a step is given up. */
export interface Pacing {
  seconds: number
  goes: number
  patience: number
  told(line: string): void
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function casesOf(entrants: readonly Entrant[]): Case[] {
  return entrants.flatMap(entrant => {
    const many = entrant.copies.length
    const trainings = entrant.together.map(replicas => ({ entrant, replicas, copies: 1 }))
    const widest = entrant.together.at(-1)!
    const scorings = entrant.needs.map(need => ({ entrant, replicas: 1, copies: many, need }))
    return [
      ...trainings,
      ...(many > 1 ? [{ entrant, replicas: 1, copies: many }] : []),
      ...scorings,
      ...(many > 1 && entrant.needs.length
        ? [{ entrant, replicas: 1, copies: 1, need: 'probabilities' as const }]
        : []),
      ...(widest > 1 && entrant.needs.length
        ? [{ entrant, replicas: Math.min(18, widest), copies: 1, need: 'probabilities' as const }]
        : [])
    ]
  })
}

export const caseName = ({ entrant, replicas, copies, need }: Case) =>
  `${entrant.name}, ${replicas} replica${replicas > 1 ? 's' : ''}${copies > 1 ? ` x ${copies}` : ''}, ${need ?? 'training'}`

/** Asks the case's copies at the same time: the slowest one's time, the first one's counts. */
async function ask(
  { entrant, copies }: Case,
  command: Command
): Promise<Required<Pick<Reply, 'milliseconds'>> & Reply> {
  const replies = await Promise.all(entrant.copies.slice(0, copies).map(each => each(command)))
  for (const { error } of replies) if (error) throw new Error(error)
  return { ...replies[0], milliseconds: Math.max(...replies.map(r => r.milliseconds!)) }
}

type Go = () => Promise<Pick<Reply, 'processor' | 'dispatches' | 'submits'> & { milliseconds: number }>

/** Steps of a timed training at most. */
const MOST_STEPS = 10_000

/** milliseconds of a replica's step, by entrant */
type Slowness = Map<string, number>

/** Finds out how much work lasts as long as a go should; what is compiled on the way is compiled. */
async function calibrate(each: Case, pacing: Pacing, poolSize: number, slow: Slowness): Promise<Go> {
  const { replicas, need, entrant } = each
  const known = slow.get(entrant.name) ?? 0
  if (known * replicas > pacing.patience * 1000) throw new Error('too slow: given up')
  if (need) {
    const score = (images: number) => ask(each, { do: 'score', replicas, need, images })
    await score(64)
    const trial = (await score(256)).milliseconds / 256
    const images = Math.max(256, Math.min(poolSize, Math.round((pacing.seconds * 1000) / trial / 256) * 256))
    return async () => {
      const { milliseconds, processor, dispatches, submits } = await score(images)
      return {
        milliseconds: milliseconds / images,
        processor: processor && processor / images,
        dispatches,
        submits
      }
    }
  }
  const train = (steps: number) => ask(each, { do: 'train', replicas, steps })
  // the first one compiles
  await train(1)
  const once = (await train(1)).milliseconds
  let steps = 3
  let long = (await train(steps)).milliseconds
  slow.set(entrant.name, Math.max(known, long / steps / replicas))
  // what a training costs once can be as long as hundreds of its steps
  while (long - once < (pacing.seconds * 1000) / 2 && long < pacing.patience * 1000 && steps < MOST_STEPS) {
    const more = (pacing.seconds * 1000) / Math.max(long - once, 1)
    steps = Math.min(MOST_STEPS, Math.round(steps * Math.min(8, Math.max(2, more))))
    long = (await train(steps)).milliseconds
  }
  const few = Math.max(1, Math.round(steps / 5))
  return async () => {
    const long = await train(steps)
    const short = await train(few)
    const slope = (of: 'milliseconds' | 'processor' | 'dispatches' | 'submits') =>
      (long[of]! - short[of]!) / (steps - few)
    const milliseconds = slope('milliseconds')
    return {
      milliseconds: milliseconds > 0 ? milliseconds : long.milliseconds / steps,
      processor: long.processor === undefined ? undefined : slope('processor'),
      dispatches: long.dispatches === undefined ? undefined : slope('dispatches'),
      submits: long.submits === undefined ? undefined : slope('submits')
    }
  }
}

export async function takeTimes(cases: readonly Case[], pacing: Pacing, poolSize: number): Promise<Times[]> {
  const running: { each: Case; go: Go; times: Times; processor: number[] }[] = []
  const failed: Times[] = []
  const slow: Slowness = new Map()
  for (const each of cases) {
    const { entrant, replicas, copies, need } = each
    const times: Times = { name: entrant.name, replicas, copies, need, milliseconds: NaN, all: [] }
    pacing.told(`getting ready: ${caseName(each)}`)
    try {
      running.push({ each, go: await calibrate(each, pacing, poolSize, slow), times, processor: [] })
    } catch (error) {
      times.error = String((error as Error).message)
      pacing.told(`  left out: ${times.error}`)
      failed.push(times)
    }
  }
  for (let go = 1; go <= pacing.goes; go++) {
    pacing.told(`go ${go} of ${pacing.goes}`)
    for (const { each, go: once, times, processor: used } of running) {
      if (times.error) continue
      try {
        const { milliseconds, processor, dispatches, submits } = await once()
        times.all.push(milliseconds)
        if (processor && each.copies === 1) used.push(processor)
        Object.assign(times, { dispatches, submits })
      } catch (error) {
        times.error = String((error as Error).message)
      }
    }
  }
  for (const { times, processor } of running) {
    if (times.all.length) times.milliseconds = median(times.all)
    if (processor.length) times.processor = median(processor)
  }
  return [...running.map(r => r.times), ...failed]
}
