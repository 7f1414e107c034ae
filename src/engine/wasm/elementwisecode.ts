/** Code for what goes element by element, Adam above all. Addresses are in bytes, lengths in floats. */
import { ADAM } from '../../core/recipe.ts'
import { block, f32, f32x4, i32, v128, type Local, type ModuleBuilder } from './assembler.ts'

/** multiply(a, b, to, n), reluGradient(dY, y, to, n) and adam(weight, moment, square, gradient, n, rate, correction). */
export function defineElementwise(m: ModuleBuilder): void {
  const three = ['i32', 'i32', 'i32', 'i32'] as const
  /** bytes of n floats that fill whole vectors, and of all */
  const bounds = (n: Local) => ({
    vectors: i32.mul(i32.and(n.get, i32.const(-4)), i32.const(4)),
    all: i32.mul(n.get, i32.const(4))
  })

  m.define('multiply', three, (f, a, b, to, n) => {
    const i = f.local('i32')
    const [vectors, all] = [f.local('i32'), f.local('i32')]
    const at = (base: Local) => i32.add(base.get, i.get)
    return block(
      vectors.set(bounds(n).vectors),
      all.set(bounds(n).all),
      i.set(i32.const(0)),
      f.loop(i, vectors.get, 16, v128.storeAny(at(to), f32x4.mul(v128.loadAny(at(a)), v128.loadAny(at(b))))),
      f.loop(i, all.get, 4, f32.store(at(to), f32.mul(f32.load(at(a)), f32.load(at(b)))))
    )
  })

  m.define('reluGradient', three, (f, dY, y, to, n) => {
    const i = f.local('i32')
    const [vectors, all] = [f.local('i32'), f.local('i32')]
    const at = (base: Local) => i32.add(base.get, i.get)
    const zero = f32.const(0)
    return block(
      vectors.set(bounds(n).vectors),
      all.set(bounds(n).all),
      i.set(i32.const(0)),
      f.loop(
        i,
        vectors.get,
        16,
        v128.storeAny(
          at(to),
          v128.and(v128.loadAny(at(dY)), f32x4.gt(v128.loadAny(at(y)), f32x4.splat(zero)))
        )
      ),
      f.loop(
        i,
        all.get,
        4,
        f32.store(at(to), f32.select(f32.load(at(dY)), zero, f32.gt(f32.load(at(y)), zero)))
      )
    )
  })

  const { beta1, beta2, epsilon } = ADAM
  m.define(
    'adam',
    ['i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
    (f, w, mo, sq, g, n, rate, correction) => {
      const i = f.local('i32')
      const [vectors, all] = [f.local('i32'), f.local('i32')]
      const at = (base: Local) => i32.add(base.get, i.get)
      const [d, first, second] = [f.local('v128'), f.local('v128'), f.local('v128')]
      const [dLane, firstLane, secondLane] = [f.local('f32'), f.local('f32'), f.local('f32')]
      const constant = (value: number) => f32x4.splat(f32.const(value))
      // moments this small change no weight, and arithmetic on subnormal numbers is a hundred times slower
      const tiny = 1e-30
      return block(
        vectors.set(bounds(n).vectors),
        all.set(bounds(n).all),
        i.set(i32.const(0)),
        f.loop(
          i,
          vectors.get,
          16,
          d.set(v128.loadAny(at(g))),
          first.set(
            f32x4.add(f32x4.mul(constant(beta1), v128.loadAny(at(mo))), f32x4.mul(constant(1 - beta1), d.get))
          ),
          first.set(v128.and(first.get, f32x4.gt(f32x4.abs(first.get), constant(tiny)))),
          second.set(
            f32x4.add(
              f32x4.mul(constant(beta2), v128.loadAny(at(sq))),
              f32x4.mul(f32x4.mul(constant(1 - beta2), d.get), d.get)
            )
          ),
          second.set(v128.and(second.get, f32x4.gt(second.get, constant(tiny)))),
          v128.storeAny(at(mo), first.get),
          v128.storeAny(at(sq), second.get),
          v128.storeAny(
            at(w),
            f32x4.sub(
              v128.loadAny(at(w)),
              f32x4.div(
                f32x4.mul(f32x4.splat(rate.get), first.get),
                f32x4.add(f32x4.sqrt(f32x4.mul(second.get, f32x4.splat(correction.get))), constant(epsilon))
              )
            )
          )
        ),
        f.loop(
          i,
          all.get,
          4,
          dLane.set(f32.load(at(g))),
          firstLane.set(
            f32.add(f32.mul(f32.const(beta1), f32.load(at(mo))), f32.mul(f32.const(1 - beta1), dLane.get))
          ),
          firstLane.set(
            f32.select(firstLane.get, f32.const(0), f32.gt(f32.abs(firstLane.get), f32.const(tiny)))
          ),
          secondLane.set(
            f32.add(
              f32.mul(f32.const(beta2), f32.load(at(sq))),
              f32.mul(f32.mul(f32.const(1 - beta2), dLane.get), dLane.get)
            )
          ),
          secondLane.set(f32.select(secondLane.get, f32.const(0), f32.gt(secondLane.get, f32.const(tiny)))),
          f32.store(at(mo), firstLane.get),
          f32.store(at(sq), secondLane.get),
          f32.store(
            at(w),
            f32.sub(
              f32.load(at(w)),
              f32.div(
                f32.mul(rate.get, firstLane.get),
                f32.add(f32.sqrt(f32.mul(secondLane.get, correction.get)), f32.const(epsilon))
              )
            )
          )
        )
      )
    }
  )
}
