/**
 * The page's state, put together: what is edited, what is shown, where it is computed. The experiment being edited
 * belongs to what is on screen; once it was run here, editing it means computing it.
 */
import { knobsOf, methodsNeeded } from '../core/experiment/parts.ts'
import { sameExperiment } from '../core/experiment/read.ts'
import type { Experiment, RowName } from '../core/experiment/table.ts'
import type { Result } from '../core/result.ts'
import { claimsEncoder, readEncoder } from '../core/exchange/encoder.ts'
import { decodeLink, encodeLink, looksLikeLink } from '../core/exchange/link.ts'
import { mergeResults } from '../core/exchange/merge.ts'
import { readText, type Document } from '../core/exchange/schema.ts'
import type { Laboratory } from '../runtime/client/types.ts'
import { Bench } from './bench.svelte.ts'
import { Catalogue } from './catalogue.svelte.ts'
import { DatasetChoice } from './datasetChoice.ts'
import { Draft } from './draft.svelte.ts'
import { noDraft, type KeptDraft } from './keptDraft.ts'
import { noResult, type KeptResult } from './keptResult.ts'
import { Library } from './library.svelte.ts'
import { LocaleState } from './locale.svelte.ts'
import { MapState } from './map.svelte.ts'
import { Notices } from './notices.svelte.ts'
import { obstacleTo, spares, type Obstacle } from './obstacle.ts'
import type { Preferences } from './preferences.ts'
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

/** A file that is opened, with the name it bears. */
export interface NamedText {
  name: string
  text: string
}

/** An experiment out of files. */
export interface Opened {
  /** their names */
  files: string
  /** with its results */
  results: boolean
}

export class App {
  readonly locale: LocaleState
  readonly theme: ThemeState
  readonly draft = new Draft()
  readonly shown = new Shown()
  readonly view = new ChartView()
  readonly notices = new Notices()
  readonly bench = new Bench(
    this.notices,
    result => {
      this.shown.live(result)
      this.#unkept = true
    },
    () => this.keepResult(),
    stands => this.#stand(stands)
  )
  readonly library = new Library(this.notices)
  readonly pretraining = new PretrainingState(this.notices)
  readonly maps = { embedding: new MapState('pixels'), dynamics: new MapState('dynamics') }
  readonly catalogue = new Catalogue(files => this.library.read(files))
  readonly datasets = new DatasetChoice(this)
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
  readonly following: boolean = $derived(this.#own && this.bench.live && !spares(this.obstacle))
  /** something else than the draft is being computed */
  readonly elsewhere: boolean = $derived(this.bench.active && !this.following)
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

  constructor(
    preferences: Preferences,
    languages: readonly string[],
    kept: KeptDraft = noDraft,
    result: KeptResult = noResult
  ) {
    this.#kept = kept
    this.#keptResult = result
    this.locale = new LocaleState(preferences, languages)
    this.theme = new ThemeState(preferences)
  }

  /** Takes up the laboratory; the page was readable before. */
  async connect(laboratory: Laboratory): Promise<void> {
    if (laboratory.storage === 'memory') this.notices.add({ code: 'refused' })
    for (const map of Object.values(this.maps)) map.connect(laboratory)
    const library = this.library
      .connect(laboratory.data, laboratory.storage === 'kept')
      .then(() => this.look())
    const catalogue = this.catalogue.connect(laboratory.data)
    await Promise.all([
      library,
      catalogue,
      this.pretraining.connect(laboratory),
      this.bench.connect(laboratory)
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
    const follows = this.#own && this.bench.live
    const before = this.draft.experiment
    const waited = this.draft.problems.length > 0
    const changed = this.draft.set(values)
    if (changed || waited || this.draft.problems.length) this.#keepDraft()
    if (!changed) return
    this.look(before)
    if (follows && !this.obstacle) this.#compute()
    // edited back by hand to what is computed
    else if (!follows && this.bench.live && this.#isComputed()) this.#own = true
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
    this.#compute()
    // an edit leaves a pause alone; who asks for a run wants it to go on
    this.bench.resume()
  }

  #compute(): void {
    const { experiment } = this.draft
    this.#computed = experiment
    this.#original = { from: 'live', experiment, unknown: [], proposed: false }
    this.bench.run(experiment)
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
    this.shown.open(origin, result)
    this.#adopt(origin, result)
  }

  choose(origin: Origin): void {
    const result = this.shown.of(origin)
    // what is on screen already takes no edits away
    if (!result || (origin === this.shown.origin && this.original)) return
    this.shown.choose(origin)
    this.#adopt(origin, result)
    this.#own = origin === 'live'
  }

  /** Back to what is being computed, which need not have a point yet. */
  follow(): void {
    if (!this.#computed) return
    this.#take('live', this.#computed)
    this.#own = true
    const live = this.shown.of('live')
    if (live && hasPoints(live) && sameExperiment(live.experiment, this.#computed)) this.shown.choose('live')
    else this.shown.await()
  }

  /** An experiment without results, out of a link or a spec file. */
  propose(experiment: Experiment, from: 'link' | 'file'): void {
    this.#take(from, experiment, [], true)
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
    if (own && looksLikeLink(hash)) this.shown.keep('live', own)
    else if (own) this.open('live', own)
    await this.openHash(hash)
    // what was run of an experiment that came without results, or of what it was edited into
    const asked = [...(this.proposed ? [this.draft.experiment] : []), ...(edited ? [edited.experiment] : [])]
    if (own && asked.some(experiment => sameExperiment(own.experiment, experiment))) this.open('live', own)
    if (!edited) return
    this.edit(edited.experiment)
    this.edit(edited.waiting)
    this.#keepDraft()
  }

  /** Keeps what is computed here, so that a reload shows it again: when the work rests, or the page may be about to go. */
  keepResult(): void {
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
    this.draft.replace(experiment)
    this.view.reset()
    this.look()
  }

  /** The sample, as text: on screen unless something was opened or proposed before it arrived. */
  offerSample(text: string): void {
    let document: Document
    try {
      document = readText(text)
    } catch {
      // a plain host may answer with a page: the sample is a convenience, its absence none of the reader's business
      return
    }
    if (!('result' in document)) return
    const { experiment, unknown = [] } = document.result
    this.shown.offer('sample', document.result)
    if (!this.#touched) this.#adopt('sample', document.result)
    else this.#original ??= { from: 'sample', experiment, unknown, proposed: false }
  }

  /**
   * Opens what the address carries; a bad link is said, and what is on screen stays. Without a link, as after a step back to
   * where there was none, what was computed here, or else the sample, takes the place of what a link had brought.
   */
  async openHash(hash: string): Promise<void> {
    if (!looksLikeLink(hash)) {
      if (hash || this.#original?.from !== 'link') return
      const [own, sample] = [this.shown.of('live'), this.shown.of('sample')]
      if (own && hasPoints(own)) this.open('live', own)
      else if (sample) this.open('sample', sample)
      return
    }
    const touched = this.#touched
    this.#touched = true
    try {
      const document = await decodeLink(hash)
      if ('result' in document) this.open('link', document.result)
      else this.propose(document.experiment, 'link')
    } catch (error) {
      this.notices.addError(error)
      if (touched) return
      const own = this.shown.of('live')
      const sample = this.shown.of('sample')
      if (own) this.open('live', own)
      else if (sample && this.shown.origin === 'sample') this.#adopt('sample', sample)
      else this.#touched = false
    }
  }

  /** The fragment of a link to the experiment, or to what is on screen. Rejects with an ExchangeError. */
  link(withResults: boolean): Promise<string> {
    const { result } = this.shown
    return encodeLink(withResults && result ? { result } : { experiment: this.draft.experiment })
  }

  /** Opens files: a result, a spec, several shards of one result, encoders. Says what of an experiment was opened, if it was. */
  openTexts(files: readonly NamedText[]): Opened | undefined {
    const others = files.filter(({ text }) => !claimsEncoder(text))
    for (const { name, text } of files) {
      const encoder = claimsEncoder(text) && this.#read(name, () => readEncoder(text))
      if (encoder) void this.pretraining.open(encoder)
    }
    const documents = others.map(({ name, text }) => this.#read(name, () => readText(text)))
    if (documents.some(document => !document)) return
    const results = (documents as Document[]).flatMap(d => ('result' in d ? [d.result] : []))
    const specs = (documents as Document[]).flatMap(d => ('experiment' in d ? [d.experiment] : []))
    const names = others.map(({ name }) => name)
    const all = [...names.slice(0, 3), ...(names.length > 3 ? ['…'] : [])].join(', ')
    const merged = this.#read(all, () => (results.length > 1 ? mergeResults(results) : results[0]))
    if (merged) this.open('file', merged)
    else if (specs.length) this.propose(specs[0], 'file')
    else return
    return { files: all, results: merged !== undefined }
  }

  /** Reads what came in a file; what is wrong with it is said under its name. */
  #read<T>(file: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      this.notices.addError(error, { file })
    }
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
