import { describe, expect, it } from 'vitest'
import { memory, Shelf, type Backing } from '../../src/store/shelf.ts'

/** A disk whose writes wait, each for its answer. */
function slowDisk() {
  const disk = memory()
  const waiting: ((full?: boolean) => void)[] = []
  const backing: Backing = {
    ...disk,
    setMany: async entries => {
      const full = await new Promise<boolean | undefined>(resolve => waiting.push(resolve))
      if (full) throw new DOMException('full', 'QuotaExceededError')
      await disk.setMany(entries)
    }
  }
  const arrival = async () => {
    while (!waiting.length) await new Promise(resolve => setTimeout(resolve))
  }
  const answer = async (full?: boolean) => {
    await arrival()
    waiting.shift()!(full)
  }
  return { shelf: new Shelf(backing), disk, arrival, answer }
}

describe('what a shelf remembers', () => {
  it('is not forgotten when an older write ends, and reaches the disk', async () => {
    const { shelf, disk, answer } = slowDisk()
    const first = shelf.setMany([['a', 'old']])
    shelf.remember([['a', 'new']])
    await answer()
    // the retry
    await answer()
    await first
    expect(await shelf.get('a')).toBe('new')
    expect(await disk.getMany(['a'])).toEqual(['new'])
    expect(shelf.isOnlyHere('a')).toBe(false)
  })

  it('is not forgotten when a retry of what was before it ends, even if it looks the same', async () => {
    const { shelf, disk, arrival, answer } = slowDisk()
    shelf.remember([['a', 'old']])
    const other = shelf.setMany([['b', 1]])
    await answer()
    await arrival()
    shelf.remember([['a', 'new']])
    await answer()
    await other
    expect([await shelf.get('a'), shelf.isOnlyHere('a')]).toEqual(['new', true])

    const rewritten = shelf.setMany([['a', 'newer']])
    await arrival()
    shelf.remember([['a', 'new']])
    await answer()
    await answer()
    await rewritten
    expect(await disk.getMany(['a'])).toEqual(['new'])
    expect(shelf.isOnlyHere('a')).toBe(false)
  })

  it('goes when the disk has it, or something newer', async () => {
    const { shelf, disk, answer } = slowDisk()
    const refused = shelf.setMany([['a', 'old']])
    void answer(true)
    await expect(refused).rejects.toMatchObject({ code: 'quota' })
    expect([await shelf.get('a'), shelf.isOnlyHere('a')]).toEqual(['old', true])
    const written = shelf.setMany([['a', 'new']])
    await answer()
    await written
    expect(shelf.isOnlyHere('a')).toBe(false)
    expect(await disk.getMany(['a'])).toEqual(['new'])
  })
})
