/**
 * What the headless runner says of what went wrong: the page's English texts, each in one line, without what only somebody at
 * the page can do. Only what should not have happened comes with a stack.
 */
import { ExchangeError } from '../../core/exchange/errors.ts'
import { EngineError } from '../../engine/errors.ts'
import { messages } from '../../i18n/en.ts'
import { formatOf, rowName, sayNotice, type Parameters } from '../../i18n/index.ts'
import { RuntimeError } from '../errors.ts'
import { USAGE, UsageError } from './arguments.ts'
import { PlainError, refusalOf } from './plainError.ts'

type Given = Record<string, string | number>

const pageOnly = [
  ' What is on screen has not changed.',
  ' Open them one by one.',
  ' If that does not help, reload the page.'
]

const rowOf = ({ field }: Parameters) => rowName(messages, field)

/** In the place of the page's texts. */
const own: Record<string, (p: Parameters) => string> = {
  notJson: () => 'This is not JSON.',
  notOurs: p =>
    `This is neither the spec of an experiment nor a result${p.field ? ` (at “${p.field}”)` : ''}. docs/schema.md says what they look like.`,
  newerVersion: p =>
    `This was made by a later version of the program (format ${p.version}). Get that version to read it.`,
  unknownRow: p =>
    `There is no setting “${p.name}”. Correct its name (docs/schema.md lists them), or get a later version of the program.`,
  unknownName: p =>
    `There is no “${p.name}” for ${rowOf(p)} (“${p.field}”). Correct its name, or get a later version of the program.`
}

/** A code of the catalogue in words; those of specs and results are written 'exchange.<code>'. */
export function say(code: string, parameters: Given = {}): string {
  const mine = /^exchange\.(.*)$/.exec(code)?.[1] ?? ''
  const text = Object.hasOwn(own, mine)
    ? own[mine](Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])))
    : sayNotice(messages, formatOf('en'), code, parameters)
  const short = pageOnly.reduce((rest, sentence) => rest.replace(sentence, ''), text)
  return Object.hasOwn(own, mine) && parameters.file ? messages.inFile(String(parameters.file), short) : short
}

/** What is wrong with a spec or a result; `file` names it, or those that do not go together. */
export const aboutFile = (file: string, { code, field, parameters }: ExchangeError): PlainError =>
  new PlainError(say(`exchange.${code}`, { field, ...parameters, file }))

/** The line, or the usage, or the stack, that an error comes to. */
export function sayError(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`
  if (error instanceof PlainError) return error.message
  const refusal = refusalOf(error)
  const { path } = error as NodeJS.ErrnoException
  if (refusal) return path === undefined ? (error as Error).message : `“${path}”: ${refusal}.`
  const { code, parameters, message, stack } = error as Error & { code?: unknown; parameters?: Given }
  if (typeof code === 'string' && Object.hasOwn(messages.notices, code))
    return [
      say(code, { message, ...parameters }),
      ...(error instanceof RuntimeError || error instanceof EngineError ? [message] : [])
    ].join('\n')
  if (error instanceof ExchangeError) return say(`exchange.${code}`, { field: error.field, ...parameters })
  return stack ?? String(error)
}
