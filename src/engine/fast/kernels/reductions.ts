/**
 * The reductions that spare reading everything back: mean and entropy over stochastic passes, variance over views
 * (core/needs.ts).
 */
import { THREADS, type KernelCode } from '../gpu.ts'
import type { Shape } from '../shape.ts'
import { Header, main, prelude, rolled, type Tiling } from './common.ts'
import { headConstants, hiddenOfRow, shared, softmaxOfRow } from './dense.ts'

/**
 * Over passes: mean probabilities, votes and population variances [rows, classes], and mean entropy [rows]; group.x is
 * the image. Means and variances run along with the passes (Welford 1962).
 */
export function passesHead(shape: Shape, splits: number, tiling: Tiling): KernelCode {
  const head = prelude(
    [
      ['parts', 'f32', 'r'],
      ['parameters', 'f32', 'r'],
      ['means', 'f32', 'w'],
      ['entropies', 'f32', 'w'],
      ['votes', 'f32', 'w'],
      ['variances', 'f32', 'w']
    ],
    headConstants(shape, 0, splits)
  )
  const body = `
  let row = group.x;
  if (row >= step[${Header.count}]) { return; }
  let first = 0u;
  let to = step[${Header.row}] + row;
  let passes = step[${Header.views}];
  var entropy = 0.0;
  for (var c = lane; c < CLASSES; c += ${THREADS}u) {
    mean[c] = 0.0;
    squares[c] = 0.0;
    voted[c] = 0.0;
  }
  for (var turn = 0u; turn < passes; turn++) {
    workgroupBarrier();
${hiddenOfRow(tiling, part => `(row * passes + turn) * PARTS + ${part}`)}
${softmaxOfRow(tiling)}
    workgroupBarrier();
    for (var c = lane; c < CLASSES; c += ${THREADS}u) {
      let p = exps[c] / sum;
      let away = p - mean[c];
      mean[c] += away / f32(turn + 1u);
      squares[c] += away * (p - mean[c]);
      // a class whose probability vanishes adds nothing
      logits[c] = select(0.0, p * (log(sum) - logits[c] + top), p > 0.0);
      exps[c] = p;
    }
    workgroupBarrier();
    if (lane == 0u) {
      var best = 0u;
      for (var c = 0u; c < ${rolled('CLASSES')}; c++) {
        entropy += logits[c];
        best = select(best, c, exps[c] > exps[best]);
      }
      voted[best] += 1.0;
    }
  }
  workgroupBarrier();
  for (var c = lane; c < CLASSES; c += ${THREADS}u) {
    means[to * CLASSES + c] = mean[c];
    variances[to * CLASSES + c] = squares[c] / f32(passes);
    votes[to * CLASSES + c] = voted[c];
  }
  if (lane == 0u) { entropies[to] = entropy / f32(passes); }`
  const own = ['mean', 'squares', 'voted'].map(
    name => `var<workgroup> ${name}: array<f32, ${shape.classes}>;\n`
  )
  return { source: head + shared(shape) + own.join('') + main(body), bindings: 'rrwwww' }
}

/** Population variance over views, summed over classes: [rows] from probabilities [row, view, class]. */
export function viewVariance(shape: Shape): KernelCode {
  const head = prelude(
    [
      ['probabilities', 'f32', 'r'],
      ['variances', 'f32', 'w']
    ],
    { CLASSES: shape.net.classes }
  )
  const body = `
  if (id >= step[${Header.count}]) { return; }
  let views = step[${Header.views}];
  let first = id * views * CLASSES;
  var sum = 0.0;
  for (var c = 0u; c < ${rolled('CLASSES')}; c++) {
    var mean = 0.0;
    for (var v = 0u; v < views; v++) { mean += probabilities[first + v * CLASSES + c]; }
    mean /= f32(views);
    var squares = 0.0;
    for (var v = 0u; v < views; v++) {
      let d = probabilities[first + v * CLASSES + c] - mean;
      squares += d * d;
    }
    sum += squares / f32(views);
  }
  variances[step[${Header.row}] + id] = sum;`
  return { source: head + main(body), bindings: 'rw' }
}
