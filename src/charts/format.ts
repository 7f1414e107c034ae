/** Numbers as charts write them, by language. */

const made = new Map<string, Intl.NumberFormat>()

function percentFormat(locale: string, digits: number, fixed: boolean): Intl.NumberFormat {
  const key = `${locale} ${digits} ${fixed}`
  let format = made.get(key)
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: 'percent',
      maximumFractionDigits: digits,
      minimumFractionDigits: fixed ? digits : 0
    })
    made.set(key, format)
  }
  return format
}

/** 0.945 as '94.5%': always one decimal. */
export const percent = (v: number, locale: string): string => percentFormat(locale, 1, true).format(v)

/** The same without the sign, for the first end of an interval. */
export const percentNumber = (v: number, locale: string): string =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(v * 100)

/** A tick: no more decimals than it needs. */
export const tickPercent = (v: number, locale: string, decimals: number): string =>
  percentFormat(locale, decimals, false).format(v)

/** '+3.8', '-0.4': a difference of accuracies in percentage points. */
export const points = (v: number, locale: string): string =>
  new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero'
  }).format(v * 100)

export const count = (v: number, locale: string): string => new Intl.NumberFormat(locale).format(v)

/** Sentences in a row: Japanese has no space between them. */
export const sentences = (parts: readonly string[], locale: string): string =>
  parts.filter(Boolean).join(locale.startsWith('ja') ? '' : ' ')

/** 'A, B and C'; in Japanese with middle dots, which stay inside a phrase. */
export const list = (items: readonly string[], locale: string): string =>
  locale.startsWith('ja')
    ? items.join('・')
    : new Intl.ListFormat(locale, { type: 'conjunction', style: 'long' }).format(items)
