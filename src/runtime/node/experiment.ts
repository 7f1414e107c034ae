/**
 * The headless runner: the page's director, cycle and engine on Node's threads, so that experiments can be checked,
 * benchmarked and spread over machines. There is no second implementation of anything that decides a number.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { seedsOf } from '../../core/experiment/parts.ts'
import type { Experiment } from '../../core/experiment/table.ts'
import { ExchangeError } from '../../core/exchange/errors.ts'
import { mergeResults } from '../../core/exchange/merge.ts'
import { readText, resultText } from '../../core/exchange/schema.ts'
import type { Product } from '../../core/pretraining/products.ts'
import type { Encoder, Pretraining } from '../../core/pretraining/settings.ts'
import type { Result } from '../../core/result.ts'
import type { View } from '../../core/view.ts'
import { openPretrainer } from '../../engine/pretraining/open.ts'
import { memoryStore } from '../../store/index.ts'
import { dataService } from '../dataService.ts'
import { Director } from '../director.ts'
import { RuntimeError } from '../errors.ts'
import { readArguments, USAGE, UsageError, type Arguments } from './arguments.ts'
import { fileRecords } from './fileRecords.ts'
import { readFolder } from './files.ts'
import { startThread } from './threads.ts'
import { version } from '../../../package.json'

async function readSpec(path: string): Promise<Experiment> {
  const document = readText(await readFile(path, 'utf8'))
  if ('experiment' in document) return document.experiment
  const { experiment, unknown = [] } = document.result
  if (unknown.length)
    throw new UsageError(`${path} is of a later version and cannot be run: ${unknown.join(', ')}`)
  return experiment
}

async function merge(paths: string[]): Promise<Result> {
  const results = await Promise.all(
    paths.map(async path => {
      const document = readText(await readFile(path, 'utf8'))
      if (!('result' in document)) throw new UsageError(`${path} is a spec, not a result`)
      return document.result
    })
  )
  return mergeResults(results)
}

async function compute(args: Arguments): Promise<Result> {
  let experiment = await readSpec(args.spec!)
  const store = memoryStore()
  const data = dataService(store.datasets, () => Date.now())
  if (args.data) {
    const { id, choices } = await data.importFiles(await readFolder(args.data))
    const { fingerprint, name, poolSize, testSize } = await data.keep(id, choices)
    console.log(`data: ${name}, ${poolSize} + ${testSize} images, ${fingerprint.slice(0, 12)}`)
    experiment = { ...experiment, source: { kind: 'stored', fingerprint, name } }
  } else if (experiment.source.kind === 'stored')
    throw new UsageError(`the spec's data set is ${experiment.source.name}: give its files with --data`)

  const { index, of } = args.shard
  const mine = new Set(seedsOf(experiment).filter((_, i) => i % of === index))
  const records = args.records ? await fileRecords(args.records) : store.records
  let settle: { resolve(): void; reject(error: unknown): void }
  const finished = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
  const line = progressLine()
  const pretraining = pretrainings()
  const director = new Director({
    createWorker: startThread,
    buildView: data.view,
    select: data.select,
    ...pretraining,
    records,
    seeds: seed => mine.has(seed),
    changed: () => {
      const progress = director.progress()
      line(progress)
      if (progress.phase === 'finished') settle.resolve()
      if (progress.phase === 'failed') settle.reject(new RuntimeError('trainingFailed', 'see the notices'))
    },
    notice: (code, parameters) => {
      console.error(`notice: ${code} ${JSON.stringify(parameters ?? {})}`)
    }
  })
  const began = Date.now()
  const { backend, numericsId, detail } = await director.open(args.backend, args.workers)
  console.log(`${backend} (${detail}), ${numericsId}, ${args.workers} threads`)
  await director.run(experiment)
  await finished
  const result = director.result()!
  director.close()
  console.log(
    `${director.progress().trainings.total} trainings in ${((Date.now() - began) / 1000).toFixed(1)} s`
  )
  return result
}

/** Pretrains in this thread: an encoder is made once for a whole experiment. */
function pretrainings() {
  let opening: ReturnType<typeof openPretrainer> | undefined
  const open = () => (opening ??= openPretrainer())
  const made = new Map<string, Promise<Encoder>>()
  async function make(view: View, pretraining: Pretraining): Promise<Encoder> {
    const pretrainer = await open()
    const began = Date.now()
    const { weights, reports, recorded } = await pretrainer.pretrain(
      view,
      pretraining,
      () => {},
      ({ epoch, loss = NaN, knn }) =>
        console.log(
          `${pretraining.method}, epoch ${epoch} of ${pretraining.epochs}: loss ${loss.toFixed(3)}, kNN ${(100 * knn).toFixed(1)} %`
        )
    )
    return {
      key: pretrainer.keyOf(view, pretraining),
      pretraining,
      shape: view.shape,
      weights,
      reports,
      numericsId: pretrainer.numericsId,
      seconds: (Date.now() - began) / 1000,
      ...(recorded && { recorded })
    }
  }
  const encoder = (view: View, pretraining: Pretraining): Promise<Encoder> => {
    const name = JSON.stringify([view.key, pretraining])
    const known = made.get(name) ?? make(view, pretraining)
    made.set(name, known)
    return known
  }
  return {
    encoder,
    async product(view: View, pretraining: Pretraining, product: Product) {
      const { key: origin, weights, recorded } = await encoder(view, pretraining)
      const features = recorded?.[product] ?? (await (await open()).represent(view, pretraining, weights))
      return { origin, features }
    }
  }
}

/** Prints the state at most every two seconds, only when it moved. */
function progressLine() {
  let told = 0
  let last = -1
  return ({ trainings, secondsLeft }: ReturnType<Director['progress']>) => {
    if (trainings.done === last || Date.now() - told < 2000) return
    told = Date.now()
    last = trainings.done
    console.log(
      `${trainings.done} of ${trainings.total} trainings${secondsLeft === undefined ? '' : `, about ${Math.round(secondsLeft)} s left`}`
    )
  }
}

try {
  const args = readArguments(process.argv.slice(2))
  const result = args.merge ? await merge(args.merge) : await compute(args)
  await writeFile(args.out, resultText(result, version))
  console.log(`written: ${args.out}`)
  process.exit(0)
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`)
  else if (error instanceof ExchangeError)
    console.error(
      `refused: ${error.code}${error.field && ` in ${error.field}`} ${JSON.stringify(error.parameters)}`
    )
  else console.error(error)
  process.exit(1)
}
