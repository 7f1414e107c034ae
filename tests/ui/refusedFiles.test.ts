/** What is said of files and links that are refused: which file, what in it, in the page's words, and what to do. */
import { describe, expect, it } from 'vitest'
import { encodeLink } from '../../src/core/exchange/link.ts'
import { resultText } from '../../src/core/exchange/schema.ts'
import { rowNames, startExperiment } from '../../src/core/experiment/table.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { formatOf, locales, rowName, sayNotice } from '../../src/i18n/index.ts'
import type { App } from '../../src/state/app.svelte.ts'
import { noticeOf } from '../../src/state/notices.svelte.ts'
import { openApp, resultOf } from './fakes.ts'

const said = (app: App, locale: 'en' | 'ja' = 'en') =>
  app.notices.list.map(({ code, parameters }) =>
    sayNotice(catalogues[locale], formatOf(locale), code, parameters)
  )

async function refused(text: string, locale: 'en' | 'ja' = 'en', name = 'mine.json') {
  const { app } = await openApp()
  app.exchange.openTexts([{ name, text }])
  return said(app, locale)[0]
}

const here = 'What is on screen has not changed.'
const mend = 'Correct the file, or ask for another one.'

describe('a refused file', () => {
  it.each([
    ['{', `“mine.json”: This file is not JSON, so it is not a result of this page. ${here}`],
    [
      '{"mode":"other"}',
      `“mine.json”: A setting of the experiment cannot be used. Training mode (“mode”): One of: scratch, warm, fineTune, linear. ${mend} ${here}`
    ],
    [
      '{"pretrainingBatch":100000}',
      `“mine.json”: A setting of the experiment cannot be used. Pretraining: Batch size (“pretrainingBatch”): At most 512. ${mend} ${here}`
    ],
    [
      '{"strategies":[]}',
      `“mine.json”: A setting of the experiment cannot be used. Strategies (“strategies”): At least one is needed. ${mend} ${here}`
    ]
  ])('%s', async (text, message) => {
    expect(await refused(text)).toBe(message)
  })

  it('in Japanese', async () => {
    expect(await refused('{"seeds":0}', 'ja')).toBe(
      '「mine.json」：使えない実験の設定があります。「シード数」（seeds）：1以上にしてください。ファイルを直すか、別のものを受け取ってください。画面の内容は変わっていません。'
    )
  })

  it('may be an encoder', async () => {
    const encoder = '{"format":"dal-encoder","version":1}'
    expect(await refused(encoder, 'en', 'old.json')).toMatch(/^“old\.json”: This encoder was saved by/)
  })

  it('is named where several came together; results that do not belong together are all named', async () => {
    const { app } = await openApp()
    const text = resultText(resultOf(startExperiment))
    app.exchange.openTexts([
      { name: 'good.json', text },
      { name: 'bad.json', text: '{' }
    ])
    expect(said(app)).toEqual([expect.stringMatching(/^“bad\.json”: /)])
    const other = resultText(resultOf({ ...startExperiment, stepsFloor: 0 }))
    app.exchange.openTexts([
      { name: 'a.json', text },
      { name: 'b.json', text: other }
    ])
    expect(said(app)[0]).toMatch(
      /^“a\.json, b\.json”: .* They differ in: Minimum number of steps \(“stepsFloor”\)\./
    )
  })
})

it('a refused link speaks of no file', async () => {
  const { app } = await openApp()
  await app.exchange.openHash(await encodeLink({ experiment: { ...startExperiment, seeds: 1000 } }))
  expect(said(app)).toEqual([
    `A setting of the experiment cannot be used. Seeds (“seeds”): At most 100. Ask whoever sent the link for another one. ${here}`
  ])
})

it('every row has a name of its own', () => {
  for (const locale of locales) {
    const names = rowNames.map(row => rowName(catalogues[locale], row))
    expect(new Set(names).size).toBe(rowNames.length)
  }
  expect(rowName(catalogues.en, 'toString')).toBeUndefined()
})

it('an error keeps its parameters beside the name of the file', async () => {
  const { app } = await openApp()
  const error = Object.assign(new Error(), { code: 'quota', parameters: { name: 'x' } })
  app.notices.addError(error, { file: 'y' })
  expect(app.notices.list[0]).toMatchObject({ ...noticeOf(error), parameters: { name: 'x', file: 'y' } })
})

it('one training is one training', () => {
  expect(catalogues.en.page.run.finished('1')).toBe('Finished: 1 training.')
  expect(catalogues.en.page.run.finished('1,001')).toBe('Finished: 1,001 trainings.')
})
