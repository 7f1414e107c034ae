/**
 * Links: everything is in the fragment, which no server ever sees.
 *   #c1.<payload>~<checksum>   an experiment
 *   #r1.<payload>~<checksum>   an experiment with its results
 * The letter says what it is, the number the version of the payload: JSON, raw deflate, base64url. The checksum (first 6
 * characters of the SHA-256 of the payload's text, in base64url) tells a link that was cut off or changed from one that is
 * not ours. Reading trusts nothing: lengths are capped before and while inflating, and the content goes through the
 * same checks as a file.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Experiment } from '../experiment/table.ts'
import type { Result } from '../result.ts'
import { fromBase64Url, toBase64Url } from './base64.ts'
import { deflate, inflate } from './deflate.ts'
import { ExchangeError } from './errors.ts'
import { refuseForbiddenKeys } from './fields.ts'
import { readLinkResult, writeLinkResult } from './linkResult.ts'
import type { Document } from './schema.ts'
import { readSpecRows, writeSpecRows } from './spec.ts'

/** characters of a fragment that are looked at */
export const LONGEST_READ = 65_536
/** characters of a fragment that mail and chat programs still carry as a link */
export const LONGEST_WRITTEN = 8_000
/** bytes of JSON in a link */
const LARGEST = 1 << 20
const VERSION = 1
const CHECKSUM = 6

const checksum = (payload: string) => toBase64Url(sha256(utf8ToBytes(payload)).slice(0, 6)).slice(0, CHECKSUM)

/**
 * The fragment, with its #. Throws ExchangeError: 'tooLongForLink' (offer the file, or the link without results), or what
 * is wrong with a result that is not consistent.
 */
export async function encodeLink(what: { experiment: Experiment } | { result: Result }): Promise<string> {
  if (!('result' in what)) return fitting(await linkOf('c', writeSpecRows(what.experiment)))
  const whole = await linkOf('r', writeLinkResult(what.result))
  if (whole.length <= LONGEST_WRITTEN) return whole
  // rather than none, one that does not say what a start loses at most
  return fitting(await linkOf('r', writeLinkResult(what.result, ['lines', 'sizes'])))
}

async function linkOf(kind: 'c' | 'r', content: unknown): Promise<string> {
  const payload = toBase64Url(await deflate(new Uint8Array(utf8ToBytes(JSON.stringify(content)))))
  return `#${kind}${VERSION}.${payload}~${checksum(payload)}`
}

function fitting(link: string): string {
  if (link.length > LONGEST_WRITTEN)
    throw new ExchangeError('tooLongForLink', '', { characters: link.length, limit: LONGEST_WRITTEN })
  return link
}

/** Whether a fragment claims to be a link of ours, of whatever version and in whatever state. */
export const looksLikeLink = (fragment: string) => /^#?[a-z]\d+\./.test(fragment)

/** Throws ExchangeError. Takes the fragment with or without #, also where a program has escaped the ~ or added what follows in a text. */
export async function decodeLink(fragment: string): Promise<Document> {
  if (fragment.length > LONGEST_READ) throw new ExchangeError('tooLong', '', { limit: LONGEST_READ })
  // browsers escape what stands behind a link: a space, a bracket
  const text = fragment.replace(/%7e/gi, '~').replace(/(%[0-9a-f]{2})+$/i, '')
  const match = /^#?([a-z])(\d{1,6})\.([\w-]*)(~([\w-]*))?[^\w~-]*$/.exec(text)
  if (!match || (match[1] !== 'c' && match[1] !== 'r')) throw new ExchangeError('notALink')
  const [, kind, number, payload, , sum = ''] = match
  const version = Number(number)
  if (version > VERSION) throw new ExchangeError('newerVersion', '', { version })
  if (version < 1) throw new ExchangeError('notALink')
  if (sum.length < CHECKSUM) throw new ExchangeError('truncated')
  if (sum !== checksum(payload)) throw new ExchangeError('corrupted')
  const bytes = fromBase64Url(payload)
  if (!bytes) throw new ExchangeError('unreadable')
  const json = parseJson(await inflate(bytes, LARGEST))
  refuseForbiddenKeys(json)
  return kind === 'c' ? { experiment: readSpecRows(json) } : { result: readLinkResult(json) }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ExchangeError('unreadable')
  }
}
