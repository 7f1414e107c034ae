/**
 * Makes the sample that the page opens with, out of a full result: counts of right test images and the sums that let
 * the finite test set count, without the records (which would be a hundred times as much to load).
 * usage: npm run experiment -- --spec src/lessons/sample.json --out full.json
 *        npx tsx scripts/make-sample.ts full.json public/sample.json
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { version } from '../package.json'
import { readText, resultText } from '../src/core/exchange/schema.ts'
import { withoutRecords } from '../src/core/statistics/discordances.ts'

const [from, to] = process.argv.slice(2)
const document = readText(readFileSync(from, 'utf8'))
if (!('result' in document)) throw new Error(`${from} holds no result`)
const { result } = document
writeFileSync(to, resultText(withoutRecords(result), version))
