import { expect, it } from 'vitest'
import { stopwatch } from './fuzz.ts'

const watch = stopwatch('a format', 50)
const hang = () => new Promise<never>(() => {})
/** Holds the thread. */
const busy = (milliseconds: number) => {
  for (const began = performance.now(); performance.now() - began < milliseconds;);
  return Promise.resolve('read')
}
const sayings = /a format: a file was not answered within 50 ms/

it('a file that hangs or holds the thread is noticed', async () => {
  await expect(watch.read(hang)).rejects.toThrow(sayings)
  await expect(watch.read(() => busy(80))).rejects.toThrow(sayings)
})

it('a file may be late once', async () => {
  for (const late of [hang, () => busy(80)]) {
    let times = 0
    expect(await watch.read<string>(() => (times++ ? Promise.resolve('read') : late()))).toBe('read')
    expect(times).toBe(2)
  }
})

it('what is wrong with a file comes through', async () => {
  await expect(watch.read(() => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong')
})
