/** Numbers as charts write them, by language. */

const made = new Map<string, Intl.NumberFormat>()

/** Formats are slow to make and asked for at every tick: each is made once. */
function formatOf(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = `${locale} ${Object.values(options).join(' ')}`
  let format = made.get(key)
  if (!format) made.set(key, (format = new Intl.NumberFormat(locale, options)))
  return format
}

/** 0.945 as '94.5%': always one decimal. */
export const percent = (v: number, locale: string): string =>
  formatOf(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(v)

/** The same without the sign, for the first end of an interval. */
export const percentNumber = (v: number, locale: string): string =>
  formatOf(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(v * 100)

/** An upper limit in percentage points, rounded up: 0.0 only where it is 0. */
export const upperLimit = (v: number, locale: string): string =>
  percentNumber(Math.ceil(v * 1000 - 1e-9) / 1000, locale)

/** A tick: no more decimals than it needs. */
export const tickPercent = (v: number, locale: string, decimals: number): string =>
  formatOf(locale, { style: 'percent', maximumFractionDigits: decimals }).format(v)

/** '+3.8', '-0.4': a difference of accuracies in percentage points. */
export const points = (v: number, locale: string): string =>
  formatOf(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(
    v * 100
  )

/**
 * A p-value to three decimals; to more where fewer would put it on the other side of the threshold, '<0.001' where
 * there is nothing to see.
 */
export function pValue(p: number, locale: string, threshold = 0.05): string {
  if (p < 0.001)
    return `<${formatOf(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(0.001)}`
  let digits = 3
  while (digits < 12 && Number(p.toFixed(digits)) < threshold !== p < threshold) digits++
  return formatOf(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(p)
}

/** One decimal where it is not a whole number: a mean of counts. */
export const decimal = (v: number, locale: string): string =>
  formatOf(locale, { maximumFractionDigits: 1 }).format(v)

export const count = (v: number, locale: string): string => formatOf(locale).format(v)

/** Sentences in a row: Japanese has no space between them. */
export const sentences = (parts: readonly string[], locale: string): string =>
  parts.filter(Boolean).join(locale.startsWith('ja') ? '' : ' ')

/** 'A, B and C'; in Japanese with middle dots, which stay inside a phrase, unless the items have dots of their own. */
export const list = (items: readonly string[], locale: string): string =>
  locale.startsWith('ja')
    ? items.join(items.some(item => /[·・]/.test(item)) ? '、' : '・')
    : new Intl.ListFormat(locale, { type: 'conjunction', style: 'long' }).format(items)
