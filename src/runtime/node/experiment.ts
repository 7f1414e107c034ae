/**
 * The headless runner: the page's director, cycle and engine on Node's threads, so that experiments can be checked,
 * benchmarked and spread over machines. There is no second implementation of anything that decides a number.
 */
import { availableParallelism } from 'node:os'
import { seedsOf } from '../../core/experiment/parts.ts'
import { missingSeeds } from '../../core/exchange/merge.ts'
import { resultText } from '../../core/exchange/schema.ts'
import type { Result } from '../../core/result.ts'
import { safeName } from '../../core/text.ts'
import { memoryStore } from '../../store/index.ts'
import { besideGpu } from '../beside.ts'
import { dataService } from '../dataService.ts'
import { Director } from '../director.ts'
import { HelpWanted, readArguments, USAGE, UsageError, type Arguments } from './arguments.ts'
import { mergeFiles, readSpec } from './documents.ts'
import { fileEncoders } from './fileEncoders.ts'
import { fileRecords } from './fileRecords.ts'
import { readFolder } from './files.ts'
import { tryOut, writeOut } from './out.ts'
import { PlainError } from './plainError.ts'
import { pretrainings } from './pretrainings.ts'
import { startThread } from './threads.ts'
import { say, sayError } from './words.ts'
import { version } from '../../../package.json'

/**
 * Computes the experiment, or its shard. What ends it early (a training that fails, Ctrl-C, a batch system that stops the job)
 * leaves what is finished by then, marked as incomplete.
 */
async function compute(args: Arguments): Promise<Result> {
  let experiment = await readSpec(args.spec!)
  const store = memoryStore()
  const data = dataService(store.datasets, () => Date.now())
  if (args.data) {
    const { id, choices } = await data.importFiles(await readFolder(args.data))
    const { fingerprint, name, poolSize, testSize } = await data.keep(id, choices)
    console.log(`data: ${name}, ${poolSize} + ${testSize} images, ${fingerprint.slice(0, 12)}`)
    experiment = { ...experiment, source: { kind: 'stored', fingerprint, name: safeName(name) } }
  } else if (experiment.source.kind === 'stored')
    throw new UsageError(`the spec's data set is ${experiment.source.name}: give its files with --data`)

  const { index, of } = args.shard
  const mine = new Set(seedsOf(experiment).filter((_, i) => i % of === index))
  if (!mine.size) console.log(`no seed falls to shard ${index}/${of}: the experiment has ${experiment.seeds}`)
  const records = args.records ? await fileRecords(args.records) : store.records
  const encoders = args.records ? await fileEncoders(args.records) : store.encoders
  let settle: { resolve(): void; reject(error: unknown): void }
  const finished = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
  const line = progressLine()
  const director = new Director({
    createWorker: startThread,
    buildView: data.view,
    select: data.select,
    ...pretrainings(encoders, ({ method, epochs }, { epoch, loss, knn }) =>
      console.log(
        `${method}, epoch ${epoch} of ${epochs}: ${loss === undefined ? '' : `loss ${loss.toFixed(3)}, `}kNN ${(100 * knn).toFixed(1)} %`
      )
    ),
    records,
    beside: besideGpu(availableParallelism()),
    seeds: seed => mine.has(seed),
    changed: () => {
      const progress = director.progress()
      line(progress)
      if (progress.phase === 'finished') settle.resolve()
      if (progress.phase === 'failed') settle.reject(new PlainError('a training failed'))
    },
    notice: (code, parameters) => console.error(`notice: ${say(code, parameters)}`)
  })
  const began = Date.now()
  const { backend, numericsId, detail } = await director.open(args.backend, args.workers)
  console.log(`${backend} (${detail}), ${numericsId}, ${args.workers} threads`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => settle.reject(new PlainError(`stopped by ${signal}`)))
  const failure = await Promise.all([director.run(experiment), finished]).then(
    () => undefined,
    (error: Error) => error
  )
  const result = director.result()
  const { done, total } = director.progress().trainings
  director.close()
  if (!result) throw failure
  console.log(`${done} of ${total} trainings in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return failure ? { ...result, incomplete: failure.message } : result
}

/** Prints the state at most every two seconds, only when it moved. */
function progressLine() {
  let told = 0
  let last = -1
  return ({ trainings, secondsLeft }: ReturnType<Director['progress']>) => {
    if (!trainings.total || trainings.done === last || Date.now() - told < 2000) return
    told = Date.now()
    last = trainings.done
    console.log(
      `${trainings.done} of ${trainings.total} trainings${secondsLeft === undefined ? '' : `, about ${Math.round(secondsLeft)} s left`}`
    )
  }
}

try {
  const args = readArguments(process.argv.slice(2))
  await tryOut(args.out)
  const result = args.merge ? await mergeFiles(args.merge) : await compute(args)
  const at = await writeOut(args.out, resultText(result, version))
  const { incomplete } = result
  if (args.merge && missingSeeds(result)) console.log(`no runs of seeds ${missingSeeds(result)}`)
  console.log(`written: ${at}${incomplete === undefined ? '' : `, incomplete: ${incomplete}`}`)
  process.exit(at === args.out && (incomplete === undefined || args.merge) ? 0 : 1)
} catch (error) {
  if (error instanceof HelpWanted) {
    console.log(USAGE)
    process.exit(0)
  }
  console.error(sayError(error))
  process.exit(1)
}
