/** Numbers, spans of time and sizes as people write them, by language. */

export type Locale = 'en' | 'ja'

export interface Format {
  /** 12,345 */
  number(n: number): string
  /** exactly `digits` decimals */
  fixed(n: number, digits: number): string
  /** a share as a percentage, with exactly `digits` decimals (0): 0.25 as 25% */
  percent(share: number, digits?: number): string
  /** bytes in powers of ten */
  bytes(n: number): string
  /** seconds in the largest fitting units, rounded so that it does not flicker: 12 s, 3 min 20 s, 2 h 5 min */
  duration(seconds: number): string
  list(items: readonly string[]): string
}

const cache = new Map<Locale, Format>()

export function formatOf(locale: Locale): Format {
  const known = cache.get(locale)
  if (known) return known
  const made = makeFormat(locale)
  cache.set(locale, made)
  return made
}

function makeFormat(locale: Locale): Format {
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 })
  const unit = (name: string, digits = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits
    })
  const [second, minute, hour] = ['second', 'minute', 'hour'].map(name => unit(name))
  // Japanese writes numbers and units together
  const glue = (...parts: string[]) =>
    locale === 'ja' ? parts.join('').replaceAll(' ', '') : parts.join(' ')
  const sizes = ['kilobyte', 'megabyte', 'gigabyte'].map((name, i) => unit(name, i ? 1 : 0))
  const list = new Intl.ListFormat(locale, { type: 'conjunction', style: 'short' })
  return {
    number: n => plain.format(n),
    fixed: (n, digits) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        n
      ),
    percent: (share, digits = 0) =>
      new Intl.NumberFormat(locale, {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits
      }).format(share),
    bytes: n => {
      // anything is 1 kB at least
      n = n < 1000 ? Math.ceil(n / 1000) : n / 1000
      let i = 0
      while (n >= 1000 && i < sizes.length - 1) {
        n /= 1000
        i++
      }
      return sizes[i].format(n)
    },
    duration: seconds => {
      const total = Math.max(1, seconds < 20 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5)
      if (total < 60) return glue(second.format(total))
      if (total < 3600) {
        const [whole, rest] = [minute.format(Math.floor(total / 60)), total % 60]
        return rest && total < 600 ? glue(whole, second.format(rest)) : glue(whole)
      }
      const minutes = Math.round(total / 60)
      const whole = hour.format(Math.floor(minutes / 60))
      return minutes % 60 ? glue(whole, minute.format(minutes % 60)) : glue(whole)
    },
    list: items => list.format(items)
  }
}
