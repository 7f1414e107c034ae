/**
 * Adam (Kingma and Ba 2015) over all parameters of all replicas at once. It adds up the parts in which the
 * gradients come, in order, and keeps the transposed copy of the convolution weights that the next step's input
 * gradients read.
 */
import { ADAM } from '../../../core/recipe.ts'
import type { KernelCode } from '../gpu.ts'
import { transposedSize, type Shape } from '../shape.ts'
import type { GradientSlice } from './blockGradients.ts'
import { Header, main, prelude, repeat, rolled } from './common.ts'

export function adam(shape: Shape, gradients: readonly GradientSlice[], gradientSize: number): KernelCode {
  const head = prelude(
    [
      ['parameters', 'vec4f', 'w'],
      ['moments', 'vec4f', 'w'],
      ['squares', 'vec4f', 'w'],
      ['gradients', 'vec4f', 'r'],
      ['transposed', 'f32', 'w']
    ],
    { PARAMETERS: shape.size / 4, GRADIENTS: gradientSize / 4, TRANSPOSED: transposedSize(shape) }
  )
  const find = shape.slices.map(({ offset, size }, k) => {
    const { offset: from, splits, size: part } = gradients[k]
    const [end, shift] = [(offset + size) / 4, (from - offset) / 4]
    return `${k ? ' else ' : '  '}if (id < ${end}u) { at = id + ${shift}u; parts = ${splits}u; size = ${part / 4}u; }`
  })
  let base = 0
  const copies = shape.blocks.map((b, l) => {
    if (l === 0) return ''
    const { offset, size } = shape.slices[2 * l]
    const from = base
    base += size
    return `
  if (id >= ${offset / 4}u && id < ${(offset + size) / 4}u) {
    let row = (id - ${offset / 4}u) / ${b.out / 4}u;
    let o = (id - ${offset / 4}u) % ${b.out / 4}u * 4u;
    let to = replica * TRANSPOSED + ${from}u + (row / ${b.in}u * ${b.out}u + o) * ${b.in}u + row % ${b.in}u;
${repeat(4, k => `    transposed[to + ${k * b.in}u] = value[${k}];`)}
  }`
  })
  const body = `
  if (id >= PARAMETERS) { return; }
  var at = 0u;
  var parts = 0u;
  var size = 0u;
${find.join('')}
  at += replica * GRADIENTS;
  var g = gradients[at];
  // four at a time: none waits for the one before
  for (var part = 1u; part < ${rolled('parts')}; part += 4u) {
${repeat(4, k => `    let g${k} = gradients[at + min(part + ${k}u, parts - 1u) * size];`)}
${repeat(4, k => `    g += select(vec4f(), g${k}, part + ${k}u < parts);`)}
  }
  let own = replica * PARAMETERS + id;
  let m = BETA1 * moments[own] + (1.0 - BETA1) * g;
  let v = BETA2 * squares[own] + (1.0 - BETA2) * g * g;
  moments[own] = m;
  squares[own] = v;
  let rate = bitcast<f32>(step[${Header.rate}]);
  let correction = bitcast<f32>(step[${Header.correction}]);
  let value = parameters[own] - rate * m / (sqrt(v * correction) + EPSILON);
  parameters[own] = value;
${copies.join('')}`
  const constants = `const BETA1 = ${ADAM.beta1};\nconst BETA2 = ${ADAM.beta2};\nconst EPSILON = f32(${ADAM.epsilon});\n`
  return { source: head + constants + main(body), bindings: 'wwwrw' }
}
