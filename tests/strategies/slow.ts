/**
 * The strategies again, written straight from the papers' formulas in float64, slow and without a thought for speed. They
 * share nothing with src/ but the stream of draws. Rows are numbered 0 .. n-1; labelled points are given apart.
 */
import type { Stream } from '../../src/core/random.ts'

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

/** The k best by score, ties to the lower row. */
export const best = (scores: number[], k: number) =>
  indices(scores.length)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, k)

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
  while (chosen.length < k) {
    const nearest = points.map(x => Math.min(...chosen.map(j => distance(x, points[j]) ** 2)))
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
