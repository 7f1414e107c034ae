/**
 * One map of the pool as the page sees it: what it shows of which experiment, how far UMAP is, why there is none. Maps are made
 * when somebody opens them, and again when what they show has changed.
 */
import { knobsOf, pretrainingRows } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { DataProgress, ImageMap, Laboratory, MapBasis, Notice } from '../runtime/client/types.ts'
import { noticeOf } from './notices.svelte.ts'

export type Arrangement = 'pca' | 'umap'

export class MapState {
  basis = $state<MapBasis>('pixels')
  arrangement = $state<Arrangement>('pca')
  map = $state.raw<ImageMap>()
  /** [images, 2] as they are arranged now */
  positions = $state.raw<Float32Array>()
  /** why there is no map */
  problem = $state.raw<Notice>()
  busy = $state(false)
  /** of UMAP, while it works */
  progress = $state.raw<DataProgress>()
  ready = $state(false)
  #laboratory: Laboratory | undefined
  #shown: string | undefined
  #off: AbortController | undefined
  /** UMAP's positions of what is shown: made once */
  #umap: Float32Array | undefined

  constructor(basis: MapBasis) {
    this.basis = basis
  }

  connect(laboratory: Laboratory): void {
    this.#laboratory = laboratory
    this.ready = true
  }

  /** What decides the map of an experiment. */
  nameOf(e: Experiment): string {
    const pretraining = this.basis === 'pixels' ? undefined : pretrainingRows(e)
    return JSON.stringify([this.basis, e.source, knobsOf(e), pretraining])
  }

  /** Shows the map of an experiment, `first` among its images; `again` also if it is shown already. */
  async show(e: Experiment, first: ArrayLike<number>, again = false): Promise<void> {
    const laboratory = this.#laboratory
    const name = this.nameOf(e)
    if (!laboratory || (name === this.#shown && !again)) return
    this.#shown = name
    this.cancel()
    this.#umap = this.positions = this.map = this.problem = undefined
    this.busy = true
    try {
      const map = await laboratory.maps.open(e, this.basis, first)
      if (this.#shown !== name) return
      this.map = map
      this.positions = map.positions
      this.busy = false
      if (this.arrangement === 'umap') await this.arrange('umap')
    } catch (error) {
      if (this.#shown !== name) return
      this.problem = noticeOf(error)
      this.busy = false
    }
  }

  /** Arranges the images; those of UMAP move when it is done. */
  async arrange(arrangement: Arrangement): Promise<void> {
    this.arrangement = arrangement
    const { map } = this
    if (!map?.features || !this.#laboratory) return
    this.cancel()
    if (arrangement === 'pca') return void (this.positions = map.positions)
    if (this.#umap) return void (this.positions = this.#umap)
    const off = (this.#off = new AbortController())
    this.progress = { done: 0, total: 0 }
    try {
      const positions = await this.#laboratory.maps.arrange(map.features, {
        signal: off.signal,
        progress: progress => {
          if (this.#off === off) this.progress = progress
        }
      })
      if (this.#off !== off) return
      this.#umap = this.positions = positions
    } catch (error) {
      if (this.#off !== off) return
      this.arrangement = 'pca'
      this.problem = noticeOf(error)
    }
    this.#off = this.progress = undefined
  }

  /** Calls UMAP off: the components stay. */
  cancel(): void {
    if (!this.#off) return
    const off = this.#off
    this.#off = this.progress = undefined
    off.abort()
  }

  /** Back to the components, from a UMAP that takes too long. */
  callOff(): void {
    this.cancel()
    this.arrangement = 'pca'
  }

  /** What is shown is no longer wanted: the next look makes it anew. */
  forget(): void {
    this.cancel()
    this.#shown = undefined
  }
}
