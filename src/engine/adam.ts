/** base^n for a whole n by repeated squaring: the same bits everywhere, unlike Math.pow. Adam's bias corrections need it. */
export function power(base: number, n: number): number {
  let result = 1
  for (let b = base; n > 0; n = Math.floor(n / 2), b *= b) if (n % 2 === 1) result *= b
  return result
}
