/** The registry: a new entry is one file and one line here. */
import type { Entry } from '../entry.ts'
import { balance } from './balance.ts'
import { coverage } from './coverage.ts'
import { linear } from './linear.ts'
import { margin } from './margin.ts'
import { neighbours } from './neighbours.ts'
import { passes } from './passes.ts'
import { semiSupervisedSlide, supervisedSlide } from './slide.ts'

export const entries: readonly Entry[] = [
  margin,
  passes,
  neighbours,
  linear,
  coverage,
  balance,
  supervisedSlide,
  semiSupervisedSlide
]
