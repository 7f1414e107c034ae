import { negativeCosine } from '../../../core/pretraining/losses.ts'
import { head, type HeadPass } from '../pass.ts'
import { distorted, take, type Course, type Desk } from './course.ts'

/** Both views in one batch; batch normalisation looks at each view alone, as if they came one after the other. */
export function simsiam<T>(desk: Desk<T>): Course {
  const { k, laid } = desk
  const size = laid.outputs
  return {
    step(step) {
      const count = 2 * step.ids.length
      return take(desk, step, 2, distorted, (features, heads) => {
        const through = (layers: typeof laid.projection, own: readonly T[], x: T): HeadPass<T> =>
          head(k, layers, own, x, count, 2)
        const projected = through(laid.projection, heads, features)
        const others = heads.slice(laid.at.prediction - laid.at.projection)
        const predicted = through(laid.prediction, others, projected.output)
        const z = k.values(projected.output)
        const half = z.length / 2
        // each view's prediction against the other view's projection, which is stopped
        const targets = Float32Array.from(z, (_, at) => z[at < half ? at + half : at - half])
        const { loss, gradient } = negativeCosine(k.values(predicted.output), targets, size)
        const dPredicted = k.matrix(count, size, (to, start) => to.set(gradient, start))
        const prediction = predicted.back(dPredicted)
        const projection = projected.back(prediction.input)
        return {
          loss,
          features: projection.input,
          heads: [...projection.parameters, ...prediction.parameters]
        }
      })
    }
  }
}
