/**
 * The dense layers. The hidden layer's products are split along the features into parts (more threads for one small
 * matrix); the head adds the parts in order, so splitting costs no pass of its own. The head is one workgroup per
 * image: hidden activations, logits, softmax, cross-entropy and the gradients at logits and hidden units.
 */
import { THREADS, type KernelCode } from '../gpu.ts'
import { featurePlace, type Shape } from '../shape.ts'
import type { GradientSlice } from './blockGradients.ts'
import {
  HEADER,
  Header,
  loadAhead,
  main,
  multiplyAdd,
  prelude,
  RECORD,
  repeat,
  rolled,
  type Tiling
} from './common.ts'

/** Rows of a batch that a thread of the dense kernels owns. */
export const ROWS = 4

/**
 * Products of features and hidden weights, in `splits` parts: [replica, batch, part, hidden / 4]. `masked`: for
 * inference with stochastic passes, each with one mask for all images; group.z is the pass, and the result is
 * [row, pass, part, hidden / 4].
 */
export function hiddenParts(
  shape: Shape,
  batch: number,
  splits: number,
  tiling: Tiling,
  masked = false
): KernelCode {
  const head = prelude(
    [
      ['features', 'vec4f', 'r'],
      ['parameters', 'vec4f', 'r'],
      ['parts', 'vec4f', 'w'],
      ...(masked ? [['masks', 'vec4f', 'r'] as const] : [])
    ],
    {
      BATCH: batch,
      FEATURES: shape.features / 4,
      PART: Math.ceil(shape.features / 4 / splits),
      PARTS: splits,
      HIDDEN: shape.hidden / 4,
      PARAMETERS: shape.size / 4,
      WEIGHT: shape.slices[2 * shape.blocks.length].offset / 4
    }
  )
  const body = `
  let h = id % HIDDEN;
  let row = id / HIDDEN * ${ROWS}u;
  let count = step[${Header.count}];
  if (row >= count) { return; }
  let part = group.y;
  let slot = ${masked ? '0u' : 'replica * BATCH'};
${repeat(ROWS, r => `  let x${r} = (slot + min(row + ${r}u, count - 1u)) * FEATURES;\n  var y${r}: vec4f;`)}
  let w = ${masked ? '0u' : 'replica * PARAMETERS'} + WEIGHT + h;
${loadAhead(
  tiling,
  'f',
  'part * PART',
  'min((part + 1u) * PART, FEATURES)',
  (f, n) => `${repeat(4, k => `    let w${k}${n} = parameters[w + (${f} * 4u + ${k}u) * HIDDEN];`)}
${masked ? `    let mask${n} = masks[replica * FEATURES + ${f}];` : ''}
${repeat(ROWS, r => `    let v${r}${n} = features[x${r} + ${f}]${masked ? ` * mask${n}` : ''};`)}`,
  (_, n) =>
    repeat(ROWS, r =>
      tiling.fused
        ? repeat(4, k => `    y${r} = fma(vec4f(v${r}${n}[${k}]), w${k}${n}, y${r});`)
        : `    y${r} += v${r}${n}.x * w0${n} + v${r}${n}.y * w1${n} + v${r}${n}.z * w2${n} + v${r}${n}.w * w3${n};`
    )
)}
${repeat(ROWS, r => {
  const at = masked ? `((row + ${r}u) * step[${Header.views}] + replica)` : `(slot + row + ${r}u)`
  return `  if (row + ${r}u < count) { parts[(${at} * PARTS + part) * HIDDEN + h] = y${r}; }`
})}`
  return { source: head + main(body), bindings: masked ? 'rrwr' : 'rrw' }
}

/** Constants of the head, with everything in floats. */
export const headConstants = (shape: Shape, batch: number, splits: number) => {
  const [, bias, outWeight, outBias] = shape.slices.slice(2 * shape.blocks.length)
  return {
    BATCH: batch,
    PARTS: splits,
    HIDDEN: shape.hidden,
    CLASSES: shape.net.classes,
    STRIDE: shape.classes,
    PARAMETERS: shape.size,
    HIDDEN_BIAS: bias.offset,
    OUT_WEIGHT: outWeight.offset,
    OUT_BIAS: outBias.offset
  }
}

export const shared = (shape: Shape) => `
var<workgroup> hidden: array<f32, ${shape.hidden}>;
var<workgroup> logits: array<f32, ${shape.classes}>;
var<workgroup> exps: array<f32, ${shape.classes}>;
`

/** Hidden activations of the row into workgroup memory; `each` may use h and v. */
export const hiddenOfRow = (tiling: Tiling, partIndex: (part: string) => string, each = '') => `
  for (var h = lane; h < HIDDEN; h += ${THREADS}u) {
    var v = parameters[first + HIDDEN_BIAS + h];
${loadAhead(
  tiling,
  'part',
  '0u',
  'PARTS',
  (part, n) => `    let p${n} = parts[(${partIndex(part)}) * HIDDEN + h];`,
  (_, n) => `    v += p${n};`
)}
    v = max(v, 0.0);
    hidden[h] = v;
${each}
  }
  workgroupBarrier();`

/** Logits, their largest, exponentials and the sum of these. */
export const softmaxOfRow = (tiling: Tiling) => `
  for (var c = lane; c < CLASSES; c += ${THREADS}u) {
    var v = parameters[first + OUT_BIAS + c];
${loadAhead(
  tiling,
  'h',
  '0u',
  'HIDDEN',
  (h, n) => `    let w${n} = parameters[first + OUT_WEIGHT + ${h} * STRIDE + c];`,
  (h, n) => `    ${multiplyAdd(tiling, 'v', `hidden[${h}]`, `w${n}`)}`
)}
    logits[c] = v;
  }
  workgroupBarrier();
  var top = logits[0];
  for (var c = 1u; c < ${rolled('CLASSES')}; c++) { top = max(top, logits[c]); }
  for (var c = lane; c < CLASSES; c += ${THREADS}u) { exps[c] = exp(logits[c] - top); }
  workgroupBarrier();
  var sum = 0.0;
  for (var c = 0u; c < ${rolled('CLASSES')}; c++) { sum += exps[c]; }`

/**
 * Forward and backward through the head of a training batch; group.x is the image. `weighted`: each image's loss and
 * gradient times its class's weight.
 */
export function trainingHead(
  shape: Shape,
  batch: number,
  splits: number,
  weighted: boolean,
  tiling: Tiling
): KernelCode {
  const head = prelude(
    [
      ['parts', 'f32', 'r'],
      ['parameters', 'f32', 'r'],
      ['labels', 'u32', 'r'],
      ['activations', 'f32', 'w'],
      ['dHidden', 'f32', 'w'],
      ['dLogits', 'f32', 'w'],
      ['losses', 'f32', 'w']
    ],
    headConstants(shape, batch, splits)
  )
  const body = `
  let count = step[${Header.count}];
  let row = group.x;
  if (row >= count) { return; }
  let slot = replica * BATCH + row;
  let first = replica * PARAMETERS;
  let label = labels[step[${HEADER}u + replica * (${RECORD}u + BATCH) + ${RECORD}u + row]];
${hiddenOfRow(tiling, part => `slot * PARTS + ${part}`, '    activations[slot * HIDDEN + h] = v;')}
${softmaxOfRow(tiling)}
${weighted ? `  let weight = bitcast<f32>(step[step[${Header.classWeights}] + replica * CLASSES + label]);` : ''}
  if (lane == 0u) { losses[slot] = ${weighted ? 'weight * ' : ''}(log(sum) - (logits[label] - top)); }
  workgroupBarrier();
  for (var c = lane; c < CLASSES; c += ${THREADS}u) {
    let d = ${weighted ? 'weight * ' : ''}(exps[c] / sum - select(0.0, 1.0, c == label)) / f32(count);
    logits[c] = d;
    dLogits[slot * STRIDE + c] = d;
  }
  workgroupBarrier();
  for (var h = lane; h < HIDDEN; h += ${THREADS}u) {
    var d = 0.0;
${loadAhead(
  tiling,
  'c',
  '0u',
  'CLASSES',
  (c, n) => `    let w${n} = parameters[first + OUT_WEIGHT + h * STRIDE + ${c}];`,
  (c, n) => `    ${multiplyAdd(tiling, 'd', `logits[${c}]`, `w${n}`)}`
)}
    dHidden[slot * HIDDEN + h] = select(0.0, d, hidden[h] > 0.0);
  }`
  return { source: head + shared(shape) + main(body), bindings: 'rrrwwww' }
}

/** Probabilities [rows, classes], or hidden activations [rows, hidden], or both; group.x is the image. */
export function inferenceHead(
  shape: Shape,
  splits: number,
  wants: { probabilities: boolean; hidden: boolean; views: boolean },
  tiling: Tiling
): KernelCode {
  const buffers: [string, string, 'r' | 'w'][] = [
    ['parts', 'f32', 'r'],
    ['parameters', 'f32', 'r']
  ]
  if (wants.probabilities) buffers.push(['probabilities', 'f32', 'w'])
  if (wants.hidden) buffers.push(['embeddings', 'f32', 'w'])
  const constants = { ...headConstants(shape, 0, splits), UNITS: shape.net.hidden }
  const store = '    if (h < UNITS) { embeddings[to * UNITS + h] = v; }'
  const place = wants.views
    ? `(row * step[${Header.views}] + step[${Header.view}])`
    : `(step[${Header.row}] + row)`
  const body = `
  let row = group.x;
  if (row >= step[${Header.count}]) { return; }
  let first = 0u;
  let to = ${place};
${hiddenOfRow(tiling, part => `row * PARTS + ${part}`, wants.hidden ? store : '')}
${
  wants.probabilities
    ? `${softmaxOfRow(tiling)}
  for (var c = lane; c < CLASSES; c += ${THREADS}u) { probabilities[to * CLASSES + c] = exps[c] / sum; }`
    : ''
}`
  return {
    source: prelude(buffers, constants) + shared(shape) + main(body),
    bindings: buffers.map(([, , kind]) => kind).join('')
  }
}

/** Gradients of both dense layers' weights and biases, each thread four rows by four columns; and the batch's loss. */
export function denseGradients(
  shape: Shape,
  batch: number,
  gradients: readonly GradientSlice[],
  gradientSize: number,
  tiling: Tiling
): { code: KernelCode; threads: number } {
  const dense = 2 * shape.blocks.length
  const [f4, h4, c4] = [shape.features / 4, shape.hidden / 4, shape.classes / 4]
  const ends = [f4 * h4, h4, h4 * c4, c4, 1].map(
    (
      total => (n: number) =>
        (total += n)
    )(0)
  )
  const head = prelude(
    [
      ['features', 'vec4f', 'r'],
      ['activations', 'vec4f', 'r'],
      ['dHidden', 'vec4f', 'r'],
      ['dLogits', 'vec4f', 'r'],
      ['rowLosses', 'f32', 'r'],
      ['result', 'vec4f', 'w'],
      ['losses', 'f32', 'w']
    ],
    { BATCH: batch, FEATURES: f4, HIDDEN: h4, CLASSES: c4, SIZE: gradientSize / 4 }
  )
  const product = (
    x: string,
    rows: string,
    d: string,
    columns: string,
    from: number,
    slice: GradientSlice
  ) => `
    let at = id - ${from}u;
    let k = at / ${columns};
    let m = at % ${columns};
    var s0: vec4f; var s1: vec4f; var s2: vec4f; var s3: vec4f;
${loadAhead(
  tiling,
  'row',
  'slot',
  'end',
  (row, n) =>
    `      let x${n} = ${x}[${row} * ${rows} + k];\n      let d${n} = ${d}[${row} * ${columns} + m];`,
  (_, n) => repeat(4, k => `      ${multiplyAdd(tiling, `s${k}`, `vec4f(x${n}[${k}])`, `d${n}`)}`)
)}
    let to = replica * SIZE + ${slice.offset / 4}u + k * 4u * ${columns} + m;
${repeat(4, i => `    result[to + ${i}u * ${columns}] = s${i};`)}`
  const sumOfRows = (value: (row: string) => string) =>
    loadAhead(
      tiling,
      'row',
      'slot',
      'end',
      (row, n) => `      let d${n} = ${value(row)};`,
      (_, n) => `      sum += d${n};`
    )
  const bias = (d: string, columns: string, from: number, slice: GradientSlice) => `
    let m = id - ${from}u;
    var sum: vec4f;
${sumOfRows(row => `${d}[${row} * ${columns} + m]`)}
    result[replica * SIZE + ${slice.offset / 4}u + m] = sum;`
  const body = `
  let slot = replica * BATCH;
  let end = slot + step[${Header.count}];
  if (id < ${ends[0]}u) {${product('features', 'FEATURES', 'dHidden', 'HIDDEN', 0, gradients[dense])}
  } else if (id < ${ends[1]}u) {${bias('dHidden', 'HIDDEN', ends[0], gradients[dense + 1])}
  } else if (id < ${ends[2]}u) {${product('activations', 'HIDDEN', 'dLogits', 'CLASSES', ends[1], gradients[dense + 2])}
  } else if (id < ${ends[3]}u) {${bias('dLogits', 'CLASSES', ends[2], gradients[dense + 3])}
  } else if (id < ${ends[4]}u) {
    var sum = 0.0;
${sumOfRows(row => `rowLosses[${row}]`)}
    losses[replica * step[${Header.slots}] + step[${Header.slot}]] = sum;
  }`
  return { code: { source: head + main(body), bindings: 'rrrrrww' }, threads: ends[4] }
}

/**
 * Gradient at the features, [replica, batch, features / 4]; a thread owns four features of four images. With dropout it
 * carries the scale of what was kept; what was dropped has a code that says so.
 */
export function featureGradient(shape: Shape, batch: number, dropout: number, tiling: Tiling): KernelCode {
  const head = prelude(
    [
      ['dHidden', 'vec4f', 'r'],
      ['parameters', 'vec4f', 'r'],
      ['result', 'vec4f', 'w']
    ],
    {
      BATCH: batch,
      FEATURES: shape.features / 4,
      HIDDEN: shape.hidden / 4,
      PARAMETERS: shape.size / 4,
      WEIGHT: shape.slices[2 * shape.blocks.length].offset / 4
    }
  )
  const body = `
  let f = id % FEATURES;
  let row = id / FEATURES * ${ROWS}u;
  let count = step[${Header.count}];
  if (row >= count) { return; }
  let slot = replica * BATCH;
${repeat(ROWS, r => `  let d${r} = (slot + min(row + ${r}u, count - 1u)) * HIDDEN;\n  var y${r}: vec4f;`)}
  let w = replica * PARAMETERS + WEIGHT + f * 4u * HIDDEN;
${loadAhead(
  tiling,
  'h',
  '0u',
  'HIDDEN',
  (h, n) => `${repeat(4, k => `    let w${k}${n} = parameters[w + ${k}u * HIDDEN + ${h}];`)}
${repeat(ROWS, r => `    let e${r}${n} = dHidden[d${r} + ${h}];`)}`,
  (_, n) => repeat(ROWS, r => `    y${r} += vec4f(${repeat(4, k => `dot(e${r}${n}, w${k}${n})`, ', ')});`)
)}
${repeat(ROWS, r => `  if (row + ${r}u < count) { result[(slot + row + ${r}u) * FEATURES + f] = y${r} * KEEP; }`)}`
  return { source: head + `const KEEP = f32(${1 / (1 - dropout)});\n` + main(body), bindings: 'rrw' }
}

/** A mask over the features in their own order, as stored (fours of channels, cell by cell). */
export function storedMask(shape: Shape, mask: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(shape.features)
  mask.forEach((value, f) => (out[featurePlace(shape, f)] = value))
  return out
}
