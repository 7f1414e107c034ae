/**
 * What the benchmark asks of whoever takes part. Each takes part in a process or worker of its own and is asked one thing
 * at a time, so that all can be measured in turn in one run; a question is plain JSON, so that a Python script can take part.
 */
import type { NetworkName } from '../src/core/network.ts'
import type { NeedName } from './work.ts'

export interface Setup {
  /** where the NPZ file lies: a path, or an address in a browser */
  data: string
  network: NetworkName
  /** where jax-js lies, if it was fetched */
  jax?: string
  /** where tfjs-backend-wasm-simd.wasm lies, where it is not found by itself */
  wasm?: string
  /** WebGPU in Node: the dawn.node module */
  dawn?: string
  /** threads of one participant, for those who could use more */
  threads: number
}

export type Command =
  | { do: 'open'; setup: Setup }
  /** trains that many networks for so many steps, from scratch to weights that are there */
  | { do: 'train'; replicas: number; steps: number }
  /** scores so many pool images with as many networks (trained beforehand, untimed), once each */
  | { do: 'score'; replicas: number; need: NeedName; images: number }
  /** measures the machine: see contenders/floor.ts */
  | { do: 'peaks' }
  /** times every dispatch of a training step of so many replicas */
  | { do: 'kernels'; replicas: number }
  /** times an epoch of SimCLR on the pool, with the look at it that ends it */
  | { do: 'epoch' }
  /** times one question about distances, on the device and on the processor: see geometry.ts */
  | { do: 'geometry'; question: GeometryQuestion; goes: number }

export interface Peaks {
  /** 1e9 floating-point operations a second, multiply-adds counted as two */
  gigaflops: number
  /** 1e9 bytes a second, read and written */
  gigabytes: number
  /** microseconds of an empty dispatch among many */
  dispatchMicroseconds: number
}

/** One dispatch of a training step among many of its kind. */
export interface KernelTime {
  name: string
  microseconds: number
}

/** Farthest first from what is labelled, or the nearest of k centres of each candidate. */
export interface GeometryQuestion {
  what: 'farthest first' | 'nearest centres'
  candidates: number
  size: number
  labelled: number
  k: number
}

/** Milliseconds; one's own process does nothing else meanwhile. */
export interface GeometryTime {
  question: GeometryQuestion
  /** on the device: the first time, kernels compiled and all, and the median of the others */
  first: number
  device: number
  /** in float64 on one core of the processor */
  processor: number
  /** shares of the answers that float32 settled, and float64 among a few candidates */
  certain: number
  judged: number
  /** whether both said the same */
  same: boolean
}

export interface Reply {
  error?: string
  /** answer to 'open': what it is, for the table */
  description?: string
  /** of 'train' and 'score': wall time in the process itself */
  milliseconds?: number
  /** processor time of all its threads meanwhile, where it can be told: other load disturbs it less than wall time */
  processor?: number
  /** WebGPU dispatches and submits meanwhile, where they can be counted */
  dispatches?: number
  submits?: number
  peaks?: Peaks
  kernels?: KernelTime[]
  geometry?: GeometryTime
}

/** Asks one participant one thing. */
export type Ask = (command: Command) => Promise<Reply>
