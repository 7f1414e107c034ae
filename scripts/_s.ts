const root = process.argv[2]
const { DirectorBench } = await import(root + '/tests/support/directorBench.ts')
const { startExperiment } = await import(root + '/src/core/experiment/table.ts')
const { strategyIds } = await import(root + '/src/core/strategies/index.ts')
const { planOf } = await import(root + '/src/core/experiment/plan.ts').catch(() => ({}))
const q = +(process.argv[3] ?? 10)
const bench = new DirectorBench()
bench.view = (b: any) => b
await bench.director.open('wasm', 2)
const e = { ...startExperiment, strategies: ['random', 'entropy', 'margin', 'leastConfidence', 'kCenter', 'badge'].filter(s => strategyIds.includes(s)), initialSizes: [20, 50, 100, 200], seeds: 20, querySize: q, budget: 1000, poolSize: 5000, testSize: 1000 }
for (const n of [1, 2, 3]) {
  const ee = { ...e, firstSeed: n * 1000 }
  const t = performance.now()
  const done = bench.director.run(ee)
  await done
  const p = bench.director.progress()
  console.log('run', p.trainings.total, Math.round(performance.now() - t), 'ms')
  const t2 = performance.now(); bench.director.result(); bench.director.progress(); console.log('result+progress', (performance.now() - t2).toFixed(1))
  bench.director.cancel()
}
process.exit()
