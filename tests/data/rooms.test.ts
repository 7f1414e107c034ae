import { describe, expect, it } from 'vitest'
import { Rooms } from '../../src/data/formats/rooms.ts'

describe('rooms', () => {
  it('are used again once they are given back, also for less', () => {
    const rooms = new Rooms()
    const first = rooms.take(5000)
    expect(first.length).toBe(5000)
    rooms.give(first)
    const second = rooms.take(3000)
    expect(second.buffer).toBe(first.buffer)
    expect(second.length).toBe(3000)
  })

  it('are nobody else’s meanwhile', () => {
    const rooms = new Rooms()
    const taken = Array.from({ length: 5 }, () => rooms.take(100).buffer)
    expect(new Set(taken).size).toBe(5)
  })

  it('are never lent twice, however often they are given back', () => {
    const rooms = new Rooms()
    const once = rooms.take(10)
    rooms.give(once)
    rooms.give(once)
    expect(rooms.take(10).buffer).not.toBe(rooms.take(10).buffer)
  })

  it('do not take in what was never theirs: a piece of a larger array', () => {
    const rooms = new Rooms()
    const page = new Uint8Array(10000).fill(7)
    rooms.give(page.subarray(100, 200))
    rooms.take(50).fill(0)
    expect(page.every(byte => byte === 7)).toBe(true)
  })

  it('make way for larger ones', () => {
    const rooms = new Rooms()
    rooms.give(rooms.take(10))
    const large = rooms.take(100000)
    expect(large.length).toBe(100000)
    rooms.give(large)
    expect(rooms.take(1).buffer).toBe(large.buffer)
  })
})
