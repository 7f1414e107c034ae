/**
 * When the page is told what is computed: of progress some ten times a second, of results as often as it can draw them. With a
 * hundred curves that takes it longer than the pause between two, and it would do nothing else.
 */
import type { Director } from '../director.ts'
import type { LabEvent } from './types.ts'

/** Milliseconds from a change to the event that tells of it: the charts need no more. */
const EVERY = 100
/** The page is left alone with a result for so many times as long as it took with it. */
const REST = 3

export class Telling {
  private due: ReturnType<typeof setTimeout> | undefined
  /** milliseconds: until then no other result is told while work goes on */
  private undisturbed = 0

  constructor(
    private readonly director: Pick<Director, 'result' | 'progress'>,
    private readonly emit: (event: LabEvent) => void
  ) {}

  /** Something has changed. */
  soon(): void {
    this.due ??= setTimeout(() => this.tell(performance.now() >= this.undisturbed), EVERY)
  }

  /** All of it is told, whatever the page is at. */
  now(): void {
    this.tell(true)
  }

  private tell(free: boolean): void {
    clearTimeout(this.due)
    this.due = undefined
    const progress = this.director.progress()
    if (free || progress.phase !== 'running') this.tellResult()
    else this.soon()
    this.emit({ type: 'progress', progress })
  }

  private tellResult(): void {
    const result = this.director.result()
    if (!result) return
    const began = performance.now()
    this.emit({ type: 'result', result })
    // what listeners do now or in microtasks is over when the next task begins
    setTimeout(() => {
      const now = performance.now()
      this.undisturbed = now + REST * (now - began)
    })
  }
}
