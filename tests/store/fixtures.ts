/** Small records and data sets for the tests of storage. */
import type { Measurement, Pick } from '../../src/core/record.ts'
import { fingerprintOf } from '../../src/core/fingerprint.ts'
import type { Content, Piecewise } from '../../src/core/storedDataset.ts'
import type { Dataset } from '../../src/core/view.ts'

export function measurement(labelCount = 20, testSize = 10): Measurement {
  const correct = new Uint8Array((testSize + 7) >> 3)
  for (let i = 0; i < testSize; i += 2) correct[i >> 3] |= 1 << (i & 7)
  return {
    labelCount,
    correct,
    testSize,
    predicted: [testSize - 3, 3],
    steps: 200,
    trainLoss: 0.1,
    testLoss: 0.7,
    diagnostics: {
      marginalCrossEntropy: 0.7,
      predictedEntropy: 0.5,
      predictedClasses: 2,
      meanConfidence: 0.9
    },
    seconds: { train: 1.5, test: 0.1 }
  }
}

export const pick = (): Pick => ({
  picks: new Uint32Array([7, 3, 5]),
  scores: new Float32Array([0.5, 0.25, 0.125]),
  seconds: 0.01
})

export function dataset(pool = 9, test = 4, name = 'Set'): Dataset {
  const shape = { height: 3, width: 2, channels: 1 }
  const part = (n: number, salt: number) => ({
    images: Uint8Array.from({ length: n * 6 }, (_, i) => (i * 31 + salt) & 255),
    labels: Uint16Array.from({ length: n }, (_, i) => i % 2)
  })
  const content = { shape, classNames: ['a', 'b'], pool: part(pool, 1), test: part(test, 2) }
  return { name, ...content, fingerprint: fingerprintOf(content) }
}

export function piecewise(values: Uint8Array | Uint16Array | Float32Array): Piecewise {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return {
    bytes: bytes.length,
    slice(start, end, room = new Uint8Array(end - start)) {
      room.set(bytes.subarray(start, end))
      return room
    }
  }
}

export function contentOf({ name, shape, classNames, pool, test }: Dataset): Content {
  return {
    name,
    shape,
    features: pool.features !== undefined,
    classNames,
    poolSize: pool.labels.length,
    testSize: test.labels.length,
    unlabelledSize: 0,
    poolRows: piecewise(pool.features ?? pool.images),
    poolLabels: piecewise(pool.labels),
    testRows: piecewise(test.features ?? test.images),
    testLabels: piecewise(test.labels),
    unlabelledRows: piecewise(new Uint8Array(0))
  }
}
