/**
 * Elementary functions with the same bits on every machine. Math.exp and its relatives are implementation-approximated
 * and differ between engines in the last bits; these use only + - * /, comparisons and integer arithmetic, which
 * IEEE 754 fixes. Argument reduction and coefficients follow fdlibm (Sun Microsystems 1993); errors stay below one ulp.
 */

const LN2_HIGH = 6.9314718036912381649e-1
const LN2_LOW = 1.90821492927058770002e-10
const INVERSE_LN2 = 1.442695040888963387

/** POWERS[k + 1074] = 2^k for -1074 <= k <= 1023; every entry is exact. */
const POWERS = new Float64Array(2098)
POWERS[1074] = 1
for (let k = 1; k <= 1023; k++) POWERS[1074 + k] = POWERS[1073 + k] * 2
for (let k = 1; k <= 1074; k++) POWERS[1074 - k] = POWERS[1075 - k] / 2

/** e^x. */
export function expPortable(x: number): number {
  if (x !== x) return x
  if (x > 709.782712893384) return Infinity
  if (x < -745.1332191019412) return 0
  const k = Math.floor(x * INVERSE_LN2 + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  const y = 1 - (low - (r * c) / (2 - c) - high)
  // two factors, because 2^1024 and 2^-1075 are no doubles though the product may be one
  const half = k >> 1
  return y * POWERS[1074 + half] * POWERS[1074 + k - half]
}

const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
bits[0] = 1
const HIGH_WORD = words[1] === 0x3ff00000 ? 1 : 0

/** Natural logarithm. */
export function logPortable(x: number): number {
  if (x !== x || x < 0) return NaN
  if (x === 0) return -Infinity
  if (x === Infinity) return x
  let k = 0
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984 // 2^54: out of the subnormals
    k = -54
  }
  bits[0] = x
  const high = words[HIGH_WORD]
  // the mantissa is brought into [sqrt(1/2), sqrt(2))
  const carry = ((high & 0xfffff) + 0x95f64) & 0x100000
  words[HIGH_WORD] = (high & 0xfffff) | (carry ^ 0x3ff00000)
  k += (high >>> 20) - 1023 + (carry >>> 20)
  const f = bits[0] - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)))
  const halfSquare = 0.5 * f * f
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + even + odd) + k * LN2_LOW) - f)
}
