/** The registry: a new lesson is one file, a line here, its texts in i18n/lessons.*.ts and its result (npm run lessons). */
import { below } from './below.ts'
import { cycles } from './cycles.ts'
import { firstChoice } from './firstChoice.ts'
import { imbalance } from './imbalance.ts'
import { luck } from './luck.ts'
import { pretraining } from './pretraining.ts'
import { seeds } from './seeds.ts'
import { sizes } from './sizes.ts'
import { slide } from './slide.ts'
import { steps } from './steps.ts'

/** In the order they are shown. */
export const lessons = {
  sizes,
  seeds,
  luck,
  slide,
  below,
  cycles,
  steps,
  pretraining,
  firstChoice,
  imbalance
} as const
