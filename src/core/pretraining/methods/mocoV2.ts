import type { Method } from './method.ts'
import { moco } from './moco.ts'
import { simclr } from './simclr.ts'

/** MoCo with SimCLR's head and a softer loss. (Its stronger distortions all methods share.) */
export const mocoV2: Method = {
  ...moco,
  formula: '−ln exp(q·k/τ) / (exp(q·k/τ) + Σ_n exp(q·n/τ)), q = W₂ ReLU(W₁ f(x)), τ = 0.2',
  source:
    'Chen, Fan, Girshick, He: Improved Baselines with Momentum Contrastive Learning, arXiv 2003.04297, 2020',
  temperature: 0.2,
  heads: simclr.heads
}
