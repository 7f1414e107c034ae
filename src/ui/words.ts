/** Names and sentences that several components put together from the catalogue. */
import type { Curves } from '../core/curves.ts'
import type { BackendDescription } from '../core/engine.ts'
import type { DataSource } from '../core/datasource.ts'
import { methodsNeeded, pretrainingOf, recipeOf } from '../core/experiment/parts.ts'
import { rowNames, table, type Experiment, type RowName } from '../core/experiment/table.ts'
import { canonical } from '../core/keys.ts'
import { isLopsided } from '../core/majority.ts'
import type { Problem } from '../core/experiment/read.ts'
import { lineOf, RANDOM, readLine, type Result } from '../core/result.ts'
import type { Format, Messages } from '../i18n/index.ts'
import type { Now, PretrainingStatus } from '../runtime/client/types.ts'
import type { Obstacle } from '../state/obstacle.ts'

export function strategyName(m: Messages, id: string): string {
  return Object.hasOwn(m.strategies, id)
    ? m.strategies[id as keyof Messages['strategies']].name
    : m.page.strategies.unknown(id)
}

export function selectorName(m: Messages, id: string): string {
  return Object.hasOwn(m.selectors, id)
    ? m.selectors[id as keyof Messages['selectors']].name
    : m.page.strategies.unknown(id)
}

/** The name of a line: the strategy's, and in short the selector's where it is not Random, or there are `several` to be told apart. */
export function lineName(m: Messages, line: string, several: boolean): string {
  const { strategy, selector = RANDOM } = readLine(line)
  const name = strategyName(m, strategy)
  if (!several && selector === RANDOM) return name
  const known = Object.hasOwn(m.selectors, selector)
  // the dot begins no line
  return `${name}\u00a0· ${known ? m.selectors[selector as keyof Messages['selectors']].short : selector}`
}

export function sourceName(m: Messages, source: DataSource): string {
  return source.kind === 'synthetic' ? m.synthetic[source.id].name : source.name
}

/** An experiment in short: its data, initial sizes and seeds. */
export const experimentText = (m: Messages, format: Format, e: Experiment): string =>
  m.page.unfinished.what(
    sourceName(m, e.source),
    e.initialSizes.map(size => format.number(size)),
    format.number(e.seeds),
    e.seeds
  )

export function backendName(description: BackendDescription): string {
  const names = { webgpu: 'WebGPU', wasm: 'WASM', cpu: 'CPU' }
  return names[description.backend]
}

/** What is wrong with a value, in words. */
export function problemText(m: Messages, format: Format, problem: Problem): string {
  const limit = typeof problem.limit === 'number' ? format.number(problem.limit) : (problem.limit ?? '')
  return m.problems[problem.code](limit)
}

/** How a pretraining goes, or how it went; '' where there is none. */
export function pretrainingText(m: Messages, format: Format, status: PretrainingStatus): string {
  const words = m.page.pretraining
  const { phase, pretraining, reports, secondsLeft } = status
  const method = pretraining && m.options.pretraining[pretraining.method]
  if (!method) return ''
  if (phase === 'opening') return words.opening(method)
  if (phase === 'waiting') return words.waiting(method)
  if (phase === 'failed') return words.failed(method)
  const last = reports.at(-1)
  const epoch = format.number(last?.epoch ?? 0)
  if (phase === 'finished') return words.finished(method, epoch, format.percent(last?.knn ?? 0, 1))
  const text = words.progress(method, epoch, format.number(pretraining.epochs))
  if (phase === 'paused') return words.paused(text)
  return secondsLeft === undefined ? text : words.left(text, format.duration(secondsLeft))
}

/** What the trainings of an experiment do besides the plain law, and which encoder arms stand on; undefined where there is neither. */
function trainingText(m: Messages, e: Experiment): string | undefined {
  const traits = [
    ...(pretrainingOf(e) ? [m.options.pretraining[e.pretraining]] : []),
    ...(e.mode === 'scratch' ? [] : [m.options.mode[e.mode]]),
    ...(e.classWeights === 'none' ? [] : [m.page.curves.classWeights]),
    ...(recipeOf(e).unlabelled && e.unlabelled !== 'none'
      ? [m.page.curves.unlabelled(m.options.unlabelled[e.unlabelled])]
      : [])
  ]
  const others = methodsNeeded(e).filter(method => method !== pretrainingOf(e)?.method)
  const said = [
    ...(traits.length ? [m.page.curves.training(traits.join(' + '))] : []),
    ...(others.length
      ? [m.page.curves.encoder(others.map(method => m.options.pretraining[method]).join(', '))]
      : [])
  ]
  return said.length ? m.page.sentences(...said) : undefined
}

/** What accuracy is measured on, where it is not simply what it seems; undefined where it is. */
export function testText(
  m: Messages,
  format: Format,
  { experiment: e, dataset }: Result
): string | undefined {
  if (e.source.kind === 'stored' && e.testBalance === 'balanced') return m.page.curves.balancedTest
  const { majority, testSize, classNames } = dataset
  return majority !== undefined && isLopsided(majority, testSize, classNames.length)
    ? m.page.curves.majority(format.percent(majority / testSize, 0))
    : undefined
}

/** What one should know of trainings and test images before reading the curves; undefined for nothing. */
export function conditionsText(m: Messages, format: Format, result: Result): string | undefined {
  const said = [trainingText(m, result.experiment), testText(m, format, result)].filter(s => s !== undefined)
  return said.length ? m.page.sentences(...said) : undefined
}

/** Which images, in a file: a data set's name, and the fingerprint of its view. */
export const viewText = (m: Messages, source: DataSource, fingerprint: string): string =>
  m.page.result.view(sourceName(m, source), fingerprint.slice(0, 12))

/** What curves were made of, in a file, which has no page around it. */
export function originText(
  m: Messages,
  format: Format,
  { experiment: e, dataset }: Result,
  { curves, numerics }: Curves
): string {
  const used = curves.flatMap(c => c.points.flatMap(p => p.seeds))
  const seeds = [...new Set([Math.min(...used), Math.max(...used)])].map(seed => format.number(seed))
  return m.page.result.madeOf({
    view: viewText(m, e.source, dataset.fingerprint),
    pool: format.number(dataset.poolSize),
    querySize: format.number(e.querySize),
    budget: format.number(e.budget),
    network: m.options.network[e.network],
    seeds: seeds.join('–'),
    count: seeds.length,
    numerics: numerics.used ?? ''
  })
}

/** What is being trained, in one line. */
export function nowText(m: Messages, format: Format, now: readonly Now[], several = false): string {
  const first = now[0]
  if (!first) return ''
  const words = m.page.run
  const seed = format.number(first.seed)
  const labels = format.number(first.labelCount)
  const more = now.length > 1 ? ' · ' + words.nowMore(format.number(now.length - 1)) : ''
  if (first.ceiling) return words.nowCeiling(seed) + more
  const starts = first.arms.length > 1 && first.arms.every(arm => arm.initialSize === first.labelCount)
  if (starts || !first.arms.length) return words.nowShared(labels, seed) + more
  const arm = first.arms[0]
  const what = words.nowArm(lineName(m, lineOf(arm), several), format.number(arm.initialSize))
  return words.now(what, labels, seed) + more
}

/** Why the experiment cannot be run here. */
export function obstacleText(m: Messages, format: Format, obstacle: Obstacle): string {
  const words = m.page.result
  if (obstacle.kind === 'unknown') return words.unknown(format.list(obstacle.names))
  if (obstacle.kind === 'missing') return words.missing(obstacle.name)
  if (obstacle.kind === 'tooLarge') {
    const { part, asked, available } = obstacle
    return words.tooLarge(m.rows[part].label, format.number(asked), format.number(available))
  }
  if (obstacle.kind === 'tooMany')
    return words.tooMany(format.number(obstacle.trainings), format.number(obstacle.limit))
  const { what, refused } = obstacle
  const nameOf = what === 'selectors' ? selectorName : strategyName
  return words.refused[what](
    format.list(refused.map(({ id, code }) => words.because(nameOf(m, id), m.refusals[code])))
  )
}

/** As many differences can be taken in. */
const MOST_DIFFERENCES = 3

/** What is different about an experiment, beside another one: its rows that have other values. */
export function differenceText(m: Messages, format: Format, e: Experiment, other: Experiment): string {
  const valueOf = (name: RowName): string => {
    const value = e[name]
    const names = (m.options as Partial<Record<RowName, Record<string, string>>>)[name]
    if (name === 'source') return sourceName(m, e.source)
    if (name === 'strategies') return format.list(e.strategies.map(id => strategyName(m, id)))
    if (name === 'selectors') return format.list(e.selectors.map(id => selectorName(m, id)))
    if (typeof value === 'string') return names?.[value] ?? value
    if (typeof value === 'number') return format.number(value)
    return format.list((value as readonly number[]).map(v => format.number(v)))
  }
  // what trainings do before how many there are
  const scopes = ['recipe', 'view', 'protocol']
  const rows = rowNames
    .filter(name => canonical(e[name]) !== canonical(other[name]))
    .sort((a, b) => scopes.indexOf(table[a].scope) - scopes.indexOf(table[b].scope))
  if (!rows.length) return m.page.result.noDifference
  const said = rows
    .slice(0, MOST_DIFFERENCES)
    .map(name => m.page.result.because(m.rows[name].label, valueOf(name)))
  return [...said, ...(rows.length > said.length ? ['…'] : [])].join(' · ')
}
