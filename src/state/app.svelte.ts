/**
 * The page's state, put together: what is edited, what is shown, where it is computed. The experiment being edited
 * belongs to what is on screen; once it was run here, editing it means computing it.
 */
import { knobsOf, methodsNeeded } from '../core/experiment/parts.ts'
import { sameExperiment } from '../core/experiment/read.ts'
import { startExperiment, type Experiment, type RowName } from '../core/experiment/table.ts'
import type { Result } from '../core/result.ts'
import { looksLikeLink } from '../core/exchange/link.ts'
import type { Language } from '../i18n/language.ts'
import type { Laboratory } from '../runtime/client/types.ts'
import { Catalogue } from './catalogue.svelte.ts'
import { completeness } from './coverage.ts'
import { DatasetChoice } from './datasetChoice.ts'
import { Draft } from './draft.svelte.ts'
import { Exchange } from './exchange.ts'
import { GhostState } from './ghost.svelte.ts'
import { noDraft, type KeptDraft } from './keptDraft.ts'
import { noResult, type KeptResult } from './keptResult.ts'
import { LaboratoryState } from './laboratory.svelte.ts'
import { claimsLesson, readPlace } from './lessonAddress.ts'
import { Lessons, noLessons, type Shipped } from './lessons.svelte.ts'
import { Library } from './library.svelte.ts'
import { LocaleState } from './locale.svelte.ts'
import { MapState } from './map.svelte.ts'
import { PoolImages } from './poolImages.svelte.ts'
import { Notices } from './notices.svelte.ts'
import { givenOf, obstacleTo, spares, type Obstacle } from './obstacle.ts'
import type { Preferences } from './preferences.ts'
import type { Presenter } from './presenter.svelte.ts'
import { PretrainingState } from './pretraining.svelte.ts'
import { hasPoints, Shown, type Origin } from './shown.svelte.ts'
import { ThemeState } from './theme.svelte.ts'
import { ChartView } from './view.svelte.ts'

/** Where an experiment comes from that is edited: what is on screen, or a proposal without results. */
interface Original {
  from: Origin
  experiment: Experiment
  unknown: readonly string[]
  proposed: boolean
}

export class App {
  readonly locale: LocaleState
  readonly theme: ThemeState
  readonly draft = new Draft()
  readonly shown = new Shown()
  readonly ghost: GhostState
  readonly view = new ChartView()
  /** while the page is presented */
  presenter = $state.raw<Presenter>()
  readonly notices = new Notices()
  readonly laboratory = new LaboratoryState(
    this.notices,
    result => {
      this.ghost.live(result)
      this.shown.live(result)
      this.#unkept = true
    },
    () => this.keepResults(),
    stands => this.#stand(stands)
  )
  readonly library = new Library(this.notices)
  readonly pretraining = new PretrainingState(this.notices)
  readonly maps = { embedding: new MapState('pixels'), dynamics: new MapState('dynamics') }
  readonly poolImages = new PoolImages()
  readonly catalogue = new Catalogue(files => this.library.read(files))
  readonly datasets = new DatasetChoice(this)
  readonly exchange = new Exchange(this)
  readonly lessons: Lessons
  /** the browser keeps the page: it opens without a network */
  offline = $state(false)
  /** the draft is the experiment that is computed here */
  #own = $state(false)
  /** what is computed here, as it was asked for last */
  #computed = $state.raw<Experiment>()
  /** where an experiment without results came from, until it is run */
  proposed = $state<'link' | 'file'>()
  /** rows and strategies of a later version in what was opened last */
  #unknown = $state.raw<readonly string[]>([])
  /** something was opened or run: the sample no longer takes the screen by itself */
  #touched = false
  /** what was opened or run last, before it was edited */
  #original = $state.raw<Original>()
  /** what was edited and not run when something else took its place */
  #aside = $state.raw<Experiment>()
  readonly #kept: KeptDraft
  readonly #keptResult: KeptResult
  /** what is computed here has changed since it was kept */
  #unkept = false

  readonly obstacle: Obstacle | undefined = $derived(this.obstacleTo(this.draft.experiment, this.#unknown))
  /** why not even its images can be looked at and pretrained on; where only its arms are refused, they can */
  readonly barrier: Obstacle | undefined = $derived(spares(this.obstacle) ? undefined : this.obstacle)
  /** the data set that the experiment lacks */
  readonly missing: Extract<Obstacle, { kind: 'missing' }> | undefined = $derived(
    this.obstacle?.kind === 'missing' ? this.obstacle : undefined
  )
  /** the draft is being computed, or was: what is shown follows it */
  readonly following: boolean = $derived(this.#own && this.laboratory.live && !spares(this.obstacle))
  /** something else than the draft is being computed */
  readonly elsewhere: boolean = $derived(this.laboratory.active && !this.following && !this.#isComputed())
  /** where the experiment came from that was edited since, if it was: there is a way back to it */
  readonly original: Origin | undefined = $derived(
    !this.following && this.#original && !sameExperiment(this.draft.experiment, this.#original.experiment)
      ? this.#original.from
      : undefined
  )
  /** edits that something else took the place of: there is a way back to them */
  readonly aside: boolean = $derived(!!this.#aside && !sameExperiment(this.draft.experiment, this.#aside))
  /** the draft is what was asked for last, also after it was called off */
  readonly begun: boolean = $derived(this.#isComputed())
  /** it is not: what became of that is not said of the draft */
  readonly another: boolean = $derived(!!this.#computed && !this.begun)
  /** what is computed stands on encoders, which are pretrained first where they are not here */
  readonly needsEncoder: boolean = $derived(!!this.#computed && methodsNeeded(this.#computed).length > 0)
  /** what is on screen is of another experiment than the one at hand */
  readonly #other: boolean = $derived(
    !!this.shown.result && !sameExperiment(this.draft.experiment, this.shown.result.experiment)
  )
  /** nor is the one at hand what is computed */
  readonly edited: boolean = $derived(!this.following && this.#other)
  /** the one at hand is computed and has no point yet, or is not what is looked at */
  readonly stale: boolean = $derived(this.following && this.#other)
  /** what was computed here of the one at hand, now or before the page was loaded, if that is all of it */
  readonly complete: Result | undefined = $derived.by(() => {
    const live = this.shown.of('live')
    const { experiment } = this.draft
    if (!live?.ceiling.length || !sameExperiment(live.experiment, experiment)) return undefined
    const { asked, there } = completeness(live, givenOf(experiment, this.library.stored))
    return there === asked ? live : undefined
  })

  constructor(
    preferences: Preferences,
    language: Language,
    kept: KeptDraft = noDraft,
    result: KeptResult = noResult,
    ghost: KeptResult = noResult,
    lessons: Shipped = noLessons
  ) {
    this.#kept = kept
    this.#keptResult = result
    this.ghost = new GhostState(this.shown, ghost)
    this.lessons = new Lessons(this, lessons)
    this.locale = new LocaleState(preferences, language)
    this.theme = new ThemeState(preferences)
  }

  /** Takes up the laboratory; the page was readable before. */
  async connect(laboratory: Laboratory): Promise<void> {
    if (laboratory.storage === 'memory') this.notices.add({ code: 'refused' })
    for (const map of Object.values(this.maps)) map.connect(laboratory)
    this.poolImages.connect(laboratory.data)
    const library = this.library
      .connect(laboratory.data, laboratory.storage === 'kept')
      .then(() => this.look())
    const catalogue = this.catalogue.connect(laboratory.data)
    await Promise.all([
      library,
      catalogue,
      this.pretraining.connect(laboratory),
      this.laboratory.connect(laboratory)
    ])
  }

  /** Why an experiment cannot be run here, if it cannot; `unknown` is what of it this version does not know. */
  obstacleTo(e: Experiment, unknown: readonly string[] = []): Obstacle | undefined {
    return obstacleTo(e, unknown, this.library.stored)
  }

  /** Enters values into the experiment; computes it if it is the one that is computed here. */
  edit(values: Partial<Record<RowName, unknown>>): void {
    this.#touched = true
    // also after an edit that left nothing to be run
    const follows = this.#own && this.laboratory.live
    const before = this.draft.experiment
    const waited = this.draft.problems.length > 0
    const changed = this.draft.set(values)
    if (changed || waited || this.draft.problems.length) this.#keepDraft()
    if (!changed) return
    this.#fromSample()
    this.look(before)
    if (follows && !this.obstacle) this.#compute()
    // edited back by hand to what is computed
    else if (!follows && this.laboratory.live && this.#isComputed()) this.#own = true
  }

  #keepDraft(): void {
    // without what this version does not know it would be another experiment
    if (!this.#unknown.length) this.#kept.write(this.draft)
  }

  run(): void {
    if (this.obstacle) return
    this.#aside = undefined
    this.#own = true
    this.#touched = true
    this.proposed = undefined
    this.shown.await()
    // an edit leaves a pause alone; who asks for a run wants it to go on
    this.#compute(true)
  }

  #compute(goOn = false): void {
    const { experiment } = this.draft
    this.#computed = experiment
    this.lessons.ran()
    this.#original = { from: 'live', experiment, unknown: [], proposed: false }
    this.laboratory.run(experiment, goOn)
  }

  #isComputed(): boolean {
    return !!this.#computed && sameExperiment(this.draft.experiment, this.#computed)
  }

  /** What was asked for could not be taken up: the draft is not what is computed, unless it is what was computed before. */
  #stand(computed: Experiment | undefined): void {
    this.#computed = computed
    this.#own = this.#isComputed()
    if (this.#original?.from === 'live' && computed)
      this.#original = { ...this.#original, experiment: computed }
  }

  /** Runs a ready-made experiment: the demo, or the one that was interrupted. */
  runExperiment(experiment: Experiment): void {
    // edits that were kept stay kept: they come back with a reload too
    if (!sameExperiment(experiment, this.draft.experiment)) this.lessons.leave()
    const aside = this.#edits
    this.#unknown = []
    this.draft.replace(experiment)
    this.view.reset()
    this.look()
    this.run()
    this.#aside = aside
  }

  /** What is edited and would be lost with the draft; else what was put aside before. */
  get #edits(): Experiment | undefined {
    return this.original ? this.draft.experiment : this.#aside
  }

  /** Back to the edits that something else took the place of; what is computed goes on. */
  bringBack(): void {
    const aside = this.#aside
    if (!aside) return
    this.#aside = undefined
    this.#own = false
    this.edit(aside)
  }

  /** Shows a result; its experiment is the one being edited from then on. */
  open(origin: Origin, result: Result): void {
    if (origin !== 'lesson') this.lessons.leave()
    this.shown.open(origin, result)
    this.#adopt(origin, result)
  }

  choose(origin: Origin): void {
    const result = this.shown.of(origin)
    // what is on screen already takes no edits away
    if (!result || (origin === this.shown.origin && this.original)) return
    if (origin === 'lesson') return this.lessons.again()
    if (origin !== 'live' || !this.lessons.owns(result.experiment)) this.lessons.leave()
    this.shown.choose(origin)
    this.#adopt(origin, result)
    this.#own = origin === 'live'
  }

  /** Back to what is being computed, which need not have a point yet. */
  follow(): void {
    if (!this.#computed) return
    if (!this.lessons.owns(this.#computed)) this.lessons.leave()
    this.#take('live', this.#computed)
    this.#own = true
    const live = this.shown.of('live')
    if (live && hasPoints(live) && sameExperiment(live.experiment, this.#computed)) this.shown.choose('live')
    else this.shown.await()
  }

  /** An experiment without results, out of a link or a spec file. */
  propose(experiment: Experiment, from: 'link' | 'file'): void {
    this.lessons.leave()
    this.#take(from, experiment, [], true)
    // it has results all the same where it was computed here
    const live = this.shown.of('live')
    if (!live || !hasPoints(live) || !sameExperiment(live.experiment, experiment)) return
    this.shown.choose('live')
    this.#adopt('live', live)
    this.#own = this.#isComputed()
  }

  /** Back to the experiment as it was opened: the edits since are gone. */
  startAgain(): void {
    const original = this.#original
    if (!original) return
    const { from, experiment, unknown, proposed } = original
    this.#take(from, experiment, unknown, proposed)
    this.#own = this.#isComputed()
    const result = this.shown.of(from)
    if (!proposed && (from === 'live' ? hasPoints(result) : result)) this.shown.choose(from)
  }

  /**
   * Opens what the address carries, or else what was computed here last; with the edits that were made to it, if it was loaded
   * again.
   */
  async start(hash: string): Promise<void> {
    const edited = this.#kept.read()
    const own = this.#keptResult.read()
    this.ghost.restore(own)
    if (own && (looksLikeLink(hash) || claimsLesson(hash))) this.shown.keep('live', own)
    else if (own) this.open('live', own)
    // an edit belongs to what it was made to
    if (!(await this.openAddress(hash))) return
    // what was run of an experiment that came without results, or of what it was edited into
    const asked = [...(this.proposed ? [this.draft.experiment] : []), ...(edited ? [edited.experiment] : [])]
    if (own && asked.some(experiment => sameExperiment(own.experiment, experiment))) {
      // in a lesson, too, it was run there
      this.lessons.ran()
      this.shown.choose('live')
      this.#adopt('live', own)
    }
    if (!edited) return
    this.edit(edited.experiment)
    this.edit(edited.waiting)
    this.#keepDraft()
  }

  /** Opens what the address says: a lesson, or what a link carries. Says whether no other lesson or file took its place meanwhile. */
  async openAddress(hash: string): Promise<boolean> {
    if (claimsLesson(hash)) {
      this.exchange.begin()
      return this.lessons.open(readPlace(hash))
    }
    await this.exchange.openHash(hash)
    return true
  }

  /** Keeps what is computed here, so that a reload shows it again: when the work rests, or the page may be about to go. */
  keepResults(): void {
    this.ghost.store()
    const result = this.shown.of('live')
    if (!this.#unkept || !result || !hasPoints(result)) return
    this.#unkept = false
    this.#keptResult.write(result)
  }

  #take(from: Origin, experiment: Experiment, unknown: readonly string[] = [], proposed = false): void {
    this.#aside = this.#edits
    this.#own = false
    this.proposed = proposed && (from === 'link' || from === 'file') ? from : undefined
    this.#original = { from, experiment, unknown, proposed }
    this.#kept.forget()
    this.#touched = true
    this.#unknown = unknown
    const before = this.draft.experiment
    this.draft.replace(experiment)
    this.view.reset()
    this.look(before)
  }

  /** The sample: on screen unless something was opened or proposed before it arrived. */
  offerSample(sample: Result): void {
    this.shown.offer('sample', sample)
    if (!this.#touched) this.#adopt('sample', sample)
    else this.#fromSample()
  }

  /** The way back from edits that were made before anything was opened. */
  #fromSample(): void {
    const sample = this.shown.of('sample')
    if (this.#original || !sample || this.draft.experiment === startExperiment) return
    const { experiment, unknown = [] } = sample
    this.#original = { from: 'sample', experiment, unknown, proposed: false }
  }

  /**
   * Something is being opened: the sample does not take the screen meanwhile. To be called if nothing came of it: then what was
   * computed here, or else the sample, is what is at hand.
   */
  expect(): () => void {
    const touched = this.#touched
    this.#touched = true
    return () => {
      if (touched) return
      const own = this.shown.of('live')
      const sample = this.shown.of('sample')
      if (own) this.open('live', own)
      else if (sample && this.shown.origin === 'sample') this.#adopt('sample', sample)
      else this.#touched = false
    }
  }

  /** The address says nothing any more: what was computed here, or else the sample, takes the place of what it had brought. */
  leaveAddress(): void {
    this.lessons.close()
    const from = this.#original?.from
    if (from !== 'link' && from !== 'lesson') return
    const [own, sample] = [this.shown.of('live'), this.shown.of('sample')]
    if (this.laboratory.active) this.follow()
    else if (own && hasPoints(own)) this.open('live', own)
    else if (sample) this.open('sample', sample)
  }

  #adopt(origin: Origin, result: Result): void {
    this.#take(origin, result.experiment, result.unknown)
  }

  /** Renews the look at the data if another view is asked for. */
  look(before?: Experiment): void {
    const e = this.draft.experiment
    const what = (e: Experiment) => JSON.stringify([e.source, knobsOf(e)])
    if (!before || what(before) !== what(e)) void this.library.look(e.source, knobsOf(e))
  }
}
