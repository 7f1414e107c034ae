/**
 * What the runs of an arrangement wait for. It is kept as they move: an answer is told to those that wait for it, and only
 * what changes then is looked at again, so that a step costs what it moves, however many runs there are.
 */
import type { Cycle, QueryRequest, TrainingRequest } from '../core/cycle.ts'
import type { Recipe } from '../core/recipe.ts'
import type { SelectionRequest } from '../core/selection.ts'

/** A cycle in its place. */
export interface Run {
  cycle: Cycle
  recipe: Recipe
  /** of its arm, see Arrangement.nameOf; absent for the training on the whole pool */
  name?: string
  /** where it stands among all runs */
  place: number
}

/** A training that is waited for, perhaps with a query of it. */
export interface Wish {
  /** of the answer: the query's, or else the training's */
  key: string
  run: Run
  training: TrainingRequest
  query?: QueryRequest
}

/** Keys of answers that are waited for since they were taken last; `queries`: and initial sets, with how many each asks for. */
export interface Fresh {
  trainings: Set<string>
  queries: Map<string, number>
}

const nothingFresh = (): Fresh => ({ trainings: new Set(), queries: new Map() })

export class Wishes {
  private readonly ofRun = new Map<Run, ReadonlyMap<string, Wish>>()
  private readonly ofTraining = new Map<string, Set<Wish>>()
  /** by key of the answer that they wait for */
  private readonly waiting = new Map<string, Set<Run>>()
  private readonly initial = new Map<string, SelectionRequest>()
  /** something they wait for is known */
  private readonly due: Set<Run>
  private readonly changed = new Set<string>()
  private fresh = nothingFresh()

  constructor(runs: readonly Run[]) {
    this.due = new Set(runs)
  }

  /** An answer is known. */
  told(key: string): void {
    this.initial.delete(key)
    for (const run of this.waiting.get(key) ?? []) this.due.add(run)
  }

  /** Lets `feed` move every run that may go on, as far as it goes; true if any moved. */
  feed(feed: (run: Run) => boolean): boolean {
    let moved = false
    for (const run of this.due) {
      while (feed(run)) moved = true
      this.renew(run)
      this.due.delete(run)
    }
    return moved
  }

  private renew(run: Run): void {
    const before = this.ofRun.get(run)
    const now = new Map(wishesOf(run).map(wish => [wish.key, before?.get(wish.key) ?? wish]))
    this.ofRun.set(run, now)
    for (const wish of before?.values() ?? []) if (!now.has(wish.key)) this.drop(wish)
    for (const wish of now.values()) if (!before?.has(wish.key)) this.enter(wish)
    const selection = run.cycle.selection()
    if (!selection) return
    this.initial.set(selection.key, selection)
    this.fresh.queries.set(selection.key, selection.size)
    add(this.waiting, selection.key, run)
  }

  private enter(wish: Wish): void {
    const { key, run, training, query } = wish
    add(this.waiting, key, run)
    add(this.ofTraining, training.key, wish)
    this.changed.add(training.key)
    if (query) this.fresh.queries.set(key, query.k)
    else this.fresh.trainings.add(key)
  }

  private drop(wish: Wish): void {
    const { key, run, training } = wish
    remove(this.waiting, key, run)
    remove(this.ofTraining, training.key, wish)
    this.changed.add(training.key)
  }

  takeFresh(): Fresh {
    const { fresh } = this
    this.fresh = nothingFresh()
    return fresh
  }

  /** What is wished for of a training counts as changed. */
  touch(training: string): void {
    this.changed.add(training)
  }

  /** Trainings of which something else is wished for than at the last call, and all wishes for these, in the order of the runs. */
  takeChanges(): { trainings: string[]; wishes: Wish[] } {
    const trainings = [...this.changed]
    this.changed.clear()
    const wishes = trainings.flatMap(key => [...(this.ofTraining.get(key) ?? [])])
    wishes.sort((a, b) => a.run.place - b.run.place)
    return { trainings, wishes }
  }

  /** Initial sets that are waited for, each once. */
  selections(): SelectionRequest[] {
    return [...this.initial.values()]
  }

  /** The trainings that are waited for, for their own sake or a query's. */
  trainings(): Iterable<string> {
    return this.ofTraining.keys()
  }

  /** Runs that wait for a training, in their order. */
  runsOf(training: string): Run[] {
    const runs = [...new Set([...(this.ofTraining.get(training) ?? [])].map(({ run }) => run))]
    return runs.sort((a, b) => a.place - b.place)
  }
}

function wishesOf(run: Run): Wish[] {
  const { cycle } = run
  const query = cycle.query()
  const trainings = cycle.trainings().map((training): Wish => ({ key: training.key, run, training }))
  return query ? [...trainings, { key: query.key, run, training: query.training, query }] : trainings
}

function add<T>(sets: Map<string, Set<T>>, key: string, value: T): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

function remove<T>(sets: Map<string, Set<T>>, key: string, value: T): void {
  const set = sets.get(key)
  if (set?.delete(value) && !set.size) sets.delete(key)
}
