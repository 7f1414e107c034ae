/**
 * The strategies again, written straight from the papers' formulas in float64, slow and without a thought for speed. They
 * share nothing with src/ but the stream of draws. Rows are numbered 0 .. n-1; labelled points are given apart.
 */
import { bits, derive, type Stream } from '../../src/core/random.ts'

export type Matrix = number[][]

export const matrix = (values: ArrayLike<number>, width: number): Matrix =>
  Array.from({ length: values.length / width }, (_, i) =>
    Array.from({ length: width }, (_, j) => values[i * width + j])
  )

const indices = (n: number) => Array.from({ length: n }, (_, i) => i)
const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
const distance = (a: number[], b: number[]) => Math.sqrt(sum(a.map((v, d) => (v - b[d]) ** 2)))
const entropyOf = (p: number[]) => sum(p.map(v => (v > 0 ? -v * Math.log(v) : 0)))
const argmaxOf = (list: number[]) => list.indexOf(Math.max(...list))

/** The k best by score; of equal ones the first in `turns`, by default the lower row. */
export const best = (scores: number[], k: number, turns = indices(scores.length)) =>
  indices(scores.length)
    .sort((a, b) => scores[b] - scores[a] || turns.indexOf(a) - turns.indexOf(b))
    .slice(0, k)

/** The order in which equals are taken where the seed decides: by the word that each row draws. Indices into `rows`. */
export const turnsOf = (rows: ArrayLike<number>, stream: Stream) => {
  const words = Array.from(rows, row => bits(derive(stream.key, 1), row))
  return indices(rows.length).sort((a, b) => words[a] - words[b])
}

/** Least confidence, margin and entropy of predictions, higher first. */
export const doubts = {
  leastConfidence: (p: Matrix) => p.map(row => 1 - Math.max(...row)),
  margin: (p: Matrix) =>
    p.map(row => {
      const [first, second] = [...row].sort((a, b) => b - a)
      return second - first
    }),
  entropy: (p: Matrix) => p.map(entropyOf)
}

/** Of views[j][row][class]: population variances, summed over classes. */
export const viewVariances = (views: Matrix[]) =>
  views[0].map((row, i) =>
    sum(
      row.map((_, c) => {
        const values = views.map(view => view[i][c])
        const mean = sum(values) / values.length
        return sum(values.map(v => (v - mean) ** 2)) / values.length
      })
    )
  )

/** passes[t][row][class] */
export const passScores = {
  mcEntropy: (passes: Matrix[]) =>
    passes[0].map((_, i) =>
      entropyOf(passes[0][i].map((_, c) => sum(passes.map(p => p[i][c])) / passes.length))
    ),
  bald: (passes: Matrix[]) =>
    passScores.mcEntropy(passes).map((h, i) => h - sum(passes.map(p => entropyOf(p[i]))) / passes.length),
  variationRatios: (passes: Matrix[]) =>
    passes[0].map((row, i) => {
      const votes = row.map((_, c) => passes.filter(p => argmaxOf(p[i]) === c).length)
      return 1 - Math.max(...votes) / passes.length
    }),
  meanStd: (passes: Matrix[]) =>
    passes[0].map(
      (row, i) =>
        sum(
          row.map((_, c) => {
            const values = passes.map(p => p[i][c])
            const mean = sum(values) / values.length
            return Math.sqrt(sum(values.map(v => (v - mean) ** 2)) / values.length)
          })
        ) / row.length
    )
}

/** Logits by the definition, then the distance in feature space to each boundary. weight [size][class] */
export function boundaries(h: Matrix, weight: Matrix, bias: number[]) {
  return h.map(x => {
    const logits = bias.map((b, c) => b + sum(x.map((v, d) => v * weight[d][c])))
    const y = argmaxOf(logits)
    const to = logits.map((z, c) => {
      if (c === y) return Infinity
      const apart = Math.sqrt(sum(weight.map(w => (w[y] - w[c]) ** 2)))
      return apart === 0 ? Infinity : (logits[y] - z) / apart
    })
    return { y, to, nearest: Math.min(...to) }
  })
}

export function base(h: Matrix, weight: Matrix, bias: number[], k: number): number[] {
  const b = boundaries(h, weight, bias)
  const wanted = Math.min(k, h.length)
  const picks: number[] = []
  for (let c = 0; c < bias.length; c++) {
    const quota = Math.floor(wanted / bias.length) + (c < wanted % bias.length ? 1 : 0)
    const free = indices(h.length).filter(i => !picks.includes(i))
    const value = (i: number) => (b[i].y === c ? b[i].nearest : b[i].to[c])
    free.sort((i, j) => (value(i) === value(j) ? i - j : value(i) < value(j) ? -1 : 1))
    picks.push(...free.slice(0, quota))
  }
  return picks
}

/** One D^2 draw: u x total, scanned in order; evenly among the rest where nothing but rounding is left. */
function drawOne(weights: number[], picked: number[], scale: number, stream: Stream): number {
  const free = indices(weights.length).filter(i => !picked.includes(i))
  const total = sum(free.map(i => weights[i]))
  const even = total <= 1e-12 * scale
  let left = stream.uniform() * (even ? free.length : total)
  for (const i of free) {
    if (!even && weights[i] === 0) continue
    left -= even ? 1 : weights[i]
    if (left < 0) return i
  }
  return free.filter(i => even || weights[i] > 0).at(-1)!
}

export function badge(p: Matrix, h: Matrix, k: number, stream: Stream): number[] {
  const g = p.map((row, i) => {
    const y = argmaxOf(row)
    return row.flatMap((v, c) => h[i].map(x => (v - (c === y ? 1 : 0)) * x))
  })
  const squares = g.map(v => sum(v.map(x => x * x)))
  const picks = [argmaxOf(squares)]
  while (picks.length < Math.min(k, p.length)) {
    const nearest = g.map(v => Math.min(...picks.map(j => distance(v, g[j]) ** 2)))
    picks.push(drawOne(nearest, picks, Math.max(...squares), stream))
  }
  return picks
}

/** k-means++ and Lloyd. */
export function clusters(points: Matrix, k: number, stream: Stream, iterations = 30) {
  const chosen = [stream.below(points.length)]
  const scale = Math.max(...points.map(x => sum(x.map(v => v * v))))
  let nearest = points.map(() => Infinity)
  while (chosen.length < k) {
    const last = points[chosen.at(-1)!]
    nearest = points.map((x, i) => Math.min(nearest[i], distance(x, last) ** 2))
    chosen.push(drawOne(nearest, chosen, scale, stream))
  }
  let centres = chosen.map(i => [...points[i]])
  let of: number[] = []
  for (let t = 0; ; t++) {
    const next = points.map(x => {
      const d = centres.map(c => sum(x.map((v, j) => (v - c[j]) ** 2)))
      return d.indexOf(Math.min(...d))
    })
    if (String(next) === String(of) || t === iterations) return { of: next, centres }
    of = next
    const far = points.map((x, i) => sum(x.map((v, j) => (v - centres[of[i]][j]) ** 2)))
    const used: number[] = []
    centres = centres.map((_, c) => {
      const members = points.filter((_, i) => of[i] === c)
      if (members.length) return members[0].map((_, d) => sum(members.map(m => m[d])) / members.length)
      const i = best(
        far.map((v, j) => (used.includes(j) ? -1 : v)),
        1
      )[0]
      used.push(i)
      return [...points[i]]
    })
  }
}

export function kMeans(points: Matrix, k: number, stream: Stream): number[] {
  const { of, centres } = clusters(points, k, stream)
  const picks = indices(k).flatMap(c => {
    const members = indices(points.length).filter(i => of[i] === c)
    return best(
      members.map(i => -distance(points[i], centres[c])),
      1
    ).map(i => members[i])
  })
  return picks
}

/** Making Your First Choice: [confidence, variability] rows, all images in their order. */
export function firstChoice(
  points: Matrix,
  map: Matrix,
  rule: 'hard' | 'easy' | 'ambiguous',
  count: number,
  stream: Stream
): number[] {
  const k = Math.min(count, points.length)
  const { of } = clusters(unit(points), k, stream)
  const order = indices(k)
  for (const i of indices(k).slice(1).reverse()) {
    const j = stream.below(i + 1)
    const moved = order[i]
    order[i] = order[j]
    order[j] = moved
  }
  const score = ([confidence, variability]: number[]) =>
    rule === 'ambiguous' ? variability : rule === 'easy' ? confidence : -confidence
  const left = order.map(c => {
    const members = indices(points.length).filter(i => of[i] === c)
    return best(
      members.map(i => score(map[i])),
      members.length
    ).map(i => members[i])
  })
  const out: number[] = []
  while (left.some(rows => rows.length)) for (const rows of left) if (rows.length) out.push(rows.shift()!)
  return out
}

/** Farthest first; the 1-center where nothing is labelled. */
export function kCenter(points: Matrix, labelled: Matrix, k: number): number[] {
  const picks: number[] = []
  while (picks.length < Math.min(k, points.length)) {
    const centres = [...labelled, ...picks.map(i => points[i])]
    const scores = points.map((x, i) => {
      if (picks.includes(i)) return -Infinity
      if (centres.length) return Math.min(...centres.map(c => distance(x, c)))
      return -Math.max(...points.map(other => distance(x, other)))
    })
    picks.push(best(scores, 1)[0])
  }
  return picks
}

export function needed(labels: number[], k: number, classes: number): number[] {
  const share = Math.floor((labels.length + k) / classes)
  return indices(classes).map(c => Math.max(0, share - labels.filter(l => l === c).length))
}

const l1 = (a: number[]) => sum(a.map(Math.abs))
const minus = (r: number[], p: number[]) => r.map((v, c) => v - p[c])

/** The value of a batch under CBAL's objective. */
export const objective = (p: Matrix, cost: number[], omega: number[], lambda: number, batch: number[]) =>
  sum(batch.map(i => cost[i])) + lambda * l1(batch.reduce((r, i) => minus(r, p[i]), omega))

/** The least value of any batch of k: every one of them is tried. */
export function leastObjective(p: Matrix, cost: number[], omega: number[], lambda: number, k: number) {
  let least = Infinity
  const walk = (from: number, batch: number[]) => {
    if (batch.length === k) least = Math.min(least, objective(p, cost, omega, lambda, batch))
    else for (let i = from; i < p.length; i++) walk(i + 1, [...batch, i])
  }
  walk(0, [])
  return least
}

/** Greedy steps, then first-improvement exchanges, three sweeps at most. */
export function cbalEntropy(p: Matrix, omega: number[], k: number, lambda: number): number[] {
  const cost = p.map(row => -entropyOf(row))
  const picks: number[] = []
  const lacking = () => picks.reduce((r, i) => minus(r, p[i]), omega)
  while (picks.length < Math.min(k, p.length)) {
    const scores = p.map((row, i) =>
      picks.includes(i) ? -Infinity : -(cost[i] + lambda * l1(minus(lacking(), row)))
    )
    picks.push(best(scores, 1)[0])
  }
  for (let sweep = 0; sweep < 3; sweep++) {
    const neediest = argmaxOf(lacking())
    const candidates = [
      ...new Set([
        ...best(
          cost.map(u => -u),
          200
        ),
        ...best(
          p.map(row => row[neediest]),
          200
        )
      ])
    ]
    let any = false
    for (let at = 0; at < picks.length; at++) {
      const now = objective(p, cost, omega, lambda, picks)
      const better = candidates.find(
        b =>
          !picks.includes(b) &&
          objective(
            p,
            cost,
            omega,
            lambda,
            picks.map((a, j) => (j === at ? b : a))
          ) -
            now <
            -1e-9
      )
      if (better === undefined) continue
      picks[at] = better
      any = true
    }
    if (!any) break
  }
  return picks
}

export function cbalKCenter(
  p: Matrix,
  points: Matrix,
  labelled: Matrix,
  omega: number[],
  k: number
): number[] {
  const picks: number[] = []
  const lambda = 5
  while (picks.length < Math.min(k, points.length)) {
    const centres = [...labelled, ...picks.map(i => points[i])]
    if (!centres.length) {
      picks.push(kCenter(points, [], 1)[0])
      continue
    }
    const r = picks.reduce((rest, i) => minus(rest, p[i]), omega)
    const scores = points.map((x, i) =>
      picks.includes(i)
        ? -Infinity
        : Math.min(...centres.map(c => distance(x, c))) - (lambda / r.length) * l1(minus(r, p[i]))
    )
    picks.push(best(scores, 1)[0])
  }
  return picks
}

/** Merge the closest pair of clusters (mean of all distances between them) until `count` are left. */
export function averageLinkage(points: Matrix, count: number): number[][] {
  let groups = indices(points.length).map(i => [i])
  const between = (a: number[], b: number[]) =>
    sum(a.flatMap(i => b.map(j => distance(points[i], points[j])))) / (a.length * b.length)
  while (groups.length > count) {
    let [x, y, least] = [0, 1, Infinity]
    for (let i = 0; i < groups.length; i++)
      for (let j = i + 1; j < groups.length; j++) {
        const d = between(groups[i], groups[j])
        if (d < least) [x, y, least] = [i, j, d]
      }
    const merged = [...groups[x], ...groups[y]].sort((a, b) => a - b)
    groups = groups.flatMap((g, i) => (i === x ? [merged] : i === y ? [] : [g]))
  }
  return groups.sort((a, b) => a[0] - b[0])
}

export function clusterMargin(p: Matrix, points: Matrix, k: number): number[] {
  const margins = p.map(row => {
    const [first, second] = [...row].sort((a, b) => b - a)
    return first - second
  })
  const candidates = best(
    margins.map(m => -m),
    10 * k
  )
  const groups = averageLinkage(points, 20)
    .map((group, id) => ({ id, members: candidates.filter(i => group.includes(i)) }))
    .filter(g => g.members.length)
    .sort((a, b) => a.members.length - b.members.length || a.id - b.id)
  const picks: number[] = []
  while (picks.length < Math.min(k, candidates.length))
    for (const { members } of groups) if (members.length) picks.push(members.shift()!)
  return picks.slice(0, k)
}

const unit = (points: Matrix) =>
  points.map(x => {
    const length = Math.sqrt(sum(x.map(v => v * v)))
    return length > 0 ? x.map(v => v / length) : x
  })

export function typiClust(candidates: Matrix, labelled: Matrix, k: number, stream: Stream): number[] {
  const points = unit([...candidates, ...labelled])
  const n = candidates.length
  const wanted = Math.min(k, n)
  const { of } = clusters(points, Math.min(labelled.length + wanted, 500), stream)
  const groups = [...new Set(of)].map(id => {
    const all = indices(points.length).filter(i => of[i] === id)
    return { id, size: all.length, labels: all.filter(i => i >= n).length, free: all.filter(i => i < n) }
  })
  groups.sort((a, b) => a.labels - b.labels || b.size - a.size || a.id - b.id)
  const picks: number[] = []
  for (const kind of [groups.filter(g => g.size > 5), groups.filter(g => g.size <= 5)])
    for (let turn = 0; picks.length < wanted && kind.some(g => g.free.length); turn++) {
      const group = kind[turn % kind.length]
      if (!group.free.length) continue
      const neighbours = Math.min(20, Math.floor(group.free.length / 2))
      const typical = group.free.map(i => {
        const others = group.free.filter(j => j !== i).map(j => distance(points[i], points[j]))
        return 1 / (sum(others.sort((a, b) => a - b).slice(0, neighbours)) / neighbours)
      })
      const [at] = group.free.length === 1 ? [0] : best(typical, 1)
      picks.push(...group.free.splice(at, 1))
    }
  return picks
}

/** `turns`: the order in which equals are taken. */
export function probCover(
  candidates: Matrix,
  labelled: Matrix,
  k: number,
  classes: number,
  stream: Stream,
  turns = indices(candidates.length)
) {
  const points = unit(candidates)
  const known = unit(labelled)
  const all = [...points, ...known]
  const { of } = clusters(all, Math.min(classes, all.length), stream)
  const purity = (delta: number) =>
    all.filter((x, i) => all.every((y, j) => of[j] === of[i] || distance(x, y) >= delta)).length / all.length
  let delta = 0.05
  for (let step = 1; step <= 22; step++) if (purity(step * 0.05) >= 0.95) delta = step * 0.05
  const covered = (y: number, picks: number[]) =>
    [...known, ...picks.map(i => points[i])].some(c => distance(points[y], c) < delta)
  const picks: number[] = []
  while (picks.length < Math.min(k, points.length)) {
    const open = indices(points.length).filter(y => !covered(y, picks))
    const degree = points.map((x, i) =>
      picks.includes(i) ? -1 : open.filter(y => distance(x, points[y]) < delta).length
    )
    const [pick] = best(degree, 1, turns)
    if (degree[pick] > 0) picks.push(pick)
    else {
      const rest = turns.filter(i => !picks.includes(i))
      const more = kCenter(
        rest.map(i => points[i]),
        [...known, ...picks.map(i => points[i])],
        k - picks.length
      )
      picks.push(...more.map(i => rest[i]))
    }
  }
  return picks
}

/** PT4AL's batches: hardest first, ties to the lower row, the first n mod rounds of them one larger. */
function pretextBatches(losses: number[], rounds: number): number[][] {
  const order = best(losses, losses.length)
  return indices(rounds).map(b =>
    order.splice(0, Math.floor(losses.length / rounds) + (b < losses.length % rounds ? 1 : 0))
  )
}

/** PT4AL: `candidates` are the unlabelled of all rows, p their predictions, losses those of all rows. */
export function pt4al(
  p: Matrix,
  candidates: number[],
  losses: number[],
  k: number,
  round: number,
  rounds: number
): number[] {
  const batches = pretextBatches(losses, rounds)
  const picks: number[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const rows = candidates.filter(row => batches[(round + turn) % rounds].includes(row))
    const doubts = rows.map(row => 1 - Math.max(...p[candidates.indexOf(row)]))
    picks.push(...best(doubts, k - picks.length).map(i => rows[i]))
  }
  return picks
}

/** PT4AL's initial set: every s-th of the hardest batch, and of the next where that is not enough. */
export function pretextStride(losses: number[], size: number, rounds: number): number[] {
  const picks: number[] = []
  for (const batch of pretextBatches(losses, rounds)) {
    const wanted = Math.min(size - picks.length, batch.length)
    const step = Math.floor(batch.length / Math.max(wanted, 1))
    picks.push(...batch.filter((_, at) => at % step === 0).slice(0, wanted))
  }
  return picks
}

/** MCDAL: the L1 distances of three heads' predictions, summed. */
export const disagreement = (p: Matrix, first: Matrix, second: Matrix): number[] =>
  p.map((row, i) => {
    const apart = (a: number[], b: number[]) => sum(a.map((v, c) => Math.abs(v - b[c])))
    return apart(first[i], second[i]) + apart(row, first[i]) + apart(row, second[i])
  })
