/** A moving average of weights: own = share x own + (1 - share) x other, with the share in the step's header. */
import type { KernelCode } from '../gpu.ts'
import { Header, main, prelude } from './common.ts'

export function blend(size: number): KernelCode {
  const head = prelude(
    [
      ['own', 'f32', 'w'],
      ['other', 'f32', 'r']
    ],
    { SIZE: size }
  )
  const body = `
  if (id >= SIZE) { return; }
  let share = bitcast<f32>(step[${Header.rate}]);
  own[id] = share * own[id] + (1.0 - share) * other[id];`
  return { source: head + main(body), bindings: 'wr' }
}
