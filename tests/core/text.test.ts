import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isId, isSafeText, LONGEST_NAME, safeName } from '../../src/core/text.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'

describe('names', () => {
  it('come to what files and links carry', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
        const name = safeName(text)
        expect(isSafeText(name)).toBe(true)
        expect(name.length).toBeLessThanOrEqual(LONGEST_NAME)
        expect(safeName(name)).toBe(name)
        expect(() => encodeURIComponent(name)).not.toThrow()
      })
    )
    expect(safeName('a\u202eb\u0007\n c\u200f')).toBe('ab c')
    expect(safeName('手書き数字 (2) – “ok”')).toBe('手書き数字 (2) – “ok”')
    expect(safeName('x'.repeat(199) + '𝒳')).toBe('x'.repeat(199))
    expect([isSafeText('a\u0000'), isSafeText('a\u0000'), isSafeText('a')]).toEqual([false, false, true])
  })

  it('of strategies and selectors are ids, and a plus is in none', () => {
    expect([...strategyIds, ...selectorIds].filter(id => !isId(id))).toEqual([])
    for (const text of ['', 'a+b', 'a b', 'a\u202eb', 'x'.repeat(41)]) expect(isId(text)).toBe(false)
  })
})
