import { layer, type Method } from './method.ts'

export const instance: Method = {
  family: 'contrast',
  tellsViews: false,
  formula: '−ln exp(v_i·v/τ) / Σ_j exp(v_j·v/τ), v_i ← (½ v_i + ½ v) / ‖½ v_i + ½ v‖₂',
  source:
    'Wu, Xiong, Yu, Lin: Unsupervised Feature Learning via Non-Parametric Instance Discrimination, CVPR 2018',
  temperature: 0.1,
  suggested: { images: 40000, batchSize: 32, learningRate: 0.0003 },
  heads: (features, width) => ({ projection: [layer(features, width)], prediction: [] })
}

/** Share of a memory-bank row that a step leaves. */
export const BANK_MOMENTUM = 0.5
