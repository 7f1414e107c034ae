/**
 * Distances in float32 (see ../geometry): every candidate's to the nearest of some centres, the farthest candidate, and each
 * point's nearest centre. Points lie in blocks of a workgroup's threads, [block, four of numbers, thread], so that
 * neighbours read neighbours; centres in rows, [centre, four of numbers], which all threads read at the same time. What is
 * left over in both is zeros. A sum runs over the numbers of one pair alone: how many points there are enters none.
 */
import { THREADS, type KernelCode } from '../gpu.ts'
import { Header, main, prelude, repeat, rolled } from './common.ts'

/** Words of a step, and their places in it. */
export const STEP = 64
export const Step = {
  /** points; the first workgroup's block */
  count: 0,
  block: 1,
  /** centres from .. to - 1 */
  from: 2,
  to: 3,
  /** which pick of the batch is made; the row that it becomes among the centres */
  pick: 4,
  slot: 5,
  /** number of the pick whose rivals are looked for, counted from 1; 0 for none */
  rivals: 6,
  /** of the error bound, as float bits */
  relative: 7,
  root: 8,
  zero: Header.zero
} as const

/** Words of what is told of a pick: the candidate, how many rivals it has, and the first of them, in any order. */
export const TOLD = 16
export const RIVALS = TOLD - 2

/** No distance is as large. */
export const FAR = 3e38

/** Centres that share a thread's loads of its point. */
const TOGETHER = 4

/** Sets in a point's answer that float32 cannot tell. */
export const DOUBT = 0x80000000

/** Calls `use` with the squared distance of a point (its first four at `own`) to each of the centres in turn. */
const distances = (use: (centre: string, distance: string) => string) => {
  const some = (count: number) => `
${repeat(count, k => `      var sum${k} = vec4f();`)}
      for (var f = 0u; f < ${rolled('FOURS')}; f++) {
        let x = points[own + f * ${THREADS}u];
${repeat(count, k => `        let away${k} = x - centres[(c + ${k}u) * FOURS + f];\n        sum${k} += away${k} * away${k};`)}
      }
${repeat(count, k => use(`c + ${k}u`, `(sum${k}.x + sum${k}.y) + (sum${k}.z + sum${k}.w)`))}`
  return `
    let to = step[${Step.to}];
    var c = step[${Step.from}];
    for (; c + ${TOGETHER}u <= to; c += ${TOGETHER}u) {${some(TOGETHER)}
    }
    for (; c < to; c++) {${some(1)}
    }`
}

/** Below this a distance is certainly smaller than one of which float32 says `value` (../geometry/bound.ts). */
const LIMIT = `
fn limitOf(value: f32) -> f32 {
  let relative = bitcast<f32>(step[${Step.relative}]);
  let root = bitcast<f32>(step[${Step.root}]);
  return value - relative * value - root * sqrt(value);
}
`

/** The largest of a workgroup's values and its row, the lowest among equals, end in values[0] and rows[0]. */
const SHARED = `
var<workgroup> values: array<f32, ${THREADS}>;
var<workgroup> rows: array<u32, ${THREADS}>;
`
const largest = `
  values[lane] = value;
  rows[lane] = row;
  workgroupBarrier();
  for (var span = ${THREADS / 2}u; span > 0u; span >>= 1u) {
    if (lane < span) {
      let other = values[lane + span];
      if (other > values[lane] || (other == values[lane] && rows[lane + span] < rows[lane])) {
        values[lane] = other;
        rows[lane] = rows[lane + span];
      }
    }
    workgroupBarrier();
  }`

/**
 * Lowers the nearest distances by some centres (picked candidates have -1 and keep it), and reduces each workgroup's to the
 * largest. Before that it tells which candidates the distances as they were do not tell from an earlier pick.
 */
export function lowerNearest(fours: number): KernelCode {
  const head = prelude(
    [
      ['points', 'vec4f', 'r'],
      ['centres', 'vec4f', 'r'],
      ['limits', 'f32', 'r'],
      ['nearest', 'f32', 'w'],
      ['largest', 'vec2u', 'w'],
      ['told', 'atomic<u32>', 'w']
    ],
    { FOURS: fours }
  )
  const body = `
  let row = id;
  var value = -1.0;
  if (row < step[${Step.count}]) {
    value = nearest[row];
    let number = step[${Step.rivals}];
    if (number > 0u && value >= limits[number - 1u]) {
      let at = (number - 1u) * ${TOLD}u;
      let others = atomicAdd(&told[at + 1u], 1u);
      if (others < ${RIVALS}u) { atomicStore(&told[at + 2u + others], row); }
    }
    if (value >= 0.0) {
      let own = group.x * FOURS * ${THREADS}u + lane;
${distances((_, d) => `      value = min(value, ${d});`)}
      nearest[row] = value;
    }
  }
${largest}
  if (lane == 0u) { largest[group.x] = vec2u(bitcast<u32>(values[0]), rows[0]); }`
  return { source: head + SHARED + main(body), bindings: 'rrrwww' }
}

/** The largest of the workgroups' largest is picked and becomes a centre; one workgroup. */
export function pickLargest(fours: number): KernelCode {
  const head = prelude(
    [
      ['points', 'vec4f', 'r'],
      ['largest', 'vec2u', 'r'],
      ['centres', 'vec4f', 'w'],
      ['limits', 'f32', 'w'],
      ['nearest', 'f32', 'w'],
      ['told', 'u32', 'w']
    ],
    { FOURS: fours }
  )
  const body = `
  let groups = (step[${Step.count}] + ${THREADS - 1}u) / ${THREADS}u;
  var value = -2.0;
  var row = 0u;
  for (var g = lane; g < groups; g += ${THREADS}u) {
    let other = bitcast<f32>(largest[g].x);
    if (other > value) {
      value = other;
      row = largest[g].y;
    }
  }
${largest}
  let winner = rows[0];
  for (var f = lane; f < FOURS; f += ${THREADS}u) {
    centres[step[${Step.slot}] * FOURS + f] = points[((winner / ${THREADS}u) * FOURS + f) * ${THREADS}u + winner % ${THREADS}u];
  }
  if (lane == 0u) {
    let pick = step[${Step.pick}];
    told[pick * ${TOLD}u] = winner;
    limits[pick] = max(0.0, limitOf(values[0]));
    nearest[winner] = -1.0;
  }`
  return { source: head + LIMIT + SHARED + main(body), bindings: 'rrwwww' }
}

/** The nearest centre of each point, the lowest among equals, with DOUBT where another may be as near. */
export function nearestCentre(fours: number): KernelCode {
  const head = prelude(
    [
      ['points', 'vec4f', 'r'],
      ['centres', 'vec4f', 'r'],
      ['nearest', 'u32', 'w']
    ],
    { FOURS: fours }
  )
  const body = `
  let block = step[${Step.block}] + group.x;
  let row = block * ${THREADS}u + lane;
  if (row < step[${Step.count}]) {
    var first = 0u;
    var least = ${FAR};
    var second = ${FAR};
    let own = block * FOURS * ${THREADS}u + lane;
${distances(
  (c, d) => `      {
        let d = ${d};
        second = min(second, max(least, d));
        first = select(first, ${c}, d < least);
        least = min(least, d);
      }`
)}
    nearest[row] = first | select(${DOUBT}u, 0u, least < limitOf(second));
  }`
  return { source: head + LIMIT + main(body), bindings: 'rrw' }
}
