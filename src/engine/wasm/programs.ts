/**
 * The compiled code of each shape, made when first met. Nothing but the shape enters the code, so what is compiled
 * earlier or later changes no bit.
 */
import { ModuleBuilder } from './assembler.ts'
import type { BlockShape } from './blockshape.ts'
import { defineForward } from './forwardcode.ts'
import { defineGradients, defineTurns } from './gradientcode.ts'
import { defineMask } from './maskcode.ts'
import { defineDense, defineDenseGradients } from './densecode.ts'
import { defineElementwise } from './elementwisecode.ts'

type Entry = (...values: number[]) => void

export interface BlockProgram {
  /** (batch, x, weight, bias, pooled, codes) with codes, and without */
  forwardWithCodes: Entry
  forward: Entry
  /** (batch, x, d, codes, dWeight, dBias, weight, dX, scratch) */
  gradients: Entry
  gradientsWithInput: Entry
  /** (from, to) */
  turn: Entry
  back: Entry
}

export interface DenseProgram {
  /** (batch, x, weight, bias, y), rectified and not */
  forwardRelu: Entry
  forward: Entry
  /** (batch, x, dY, dWeight, dBias) */
  weight: Entry
  /** (batch, weight, dY, dX) */
  input: Entry
}

export interface ElementwiseProgram {
  /** (a, b, to, n) */
  multiply: Entry
  reluGradient: Entry
  /** (weight, moment, square, gradient, n, rate, correction) */
  adam: Entry
  /** (rows, features, ids, key0, key1, threshold, keep, to) */
  mask: Entry
}

export class Programs {
  private readonly blocks = new Map<string, BlockProgram>()
  private readonly denses = new Map<string, DenseProgram>()
  readonly elementwise: ElementwiseProgram

  constructor(private readonly memory: WebAssembly.Memory) {
    const m = new ModuleBuilder()
    defineElementwise(m)
    defineMask(m)
    this.elementwise = m.instantiate(memory) as unknown as ElementwiseProgram
  }

  block(shape: BlockShape): BlockProgram {
    const key = `${shape.height},${shape.width},${shape.channels},${shape.out},${shape.pad}`
    let program = this.blocks.get(key)
    if (!program) {
      const m = new ModuleBuilder()
      defineForward(m, 'forwardWithCodes', shape, true)
      defineForward(m, 'forward', shape, false)
      defineGradients(m, 'gradients', shape, false)
      defineGradients(m, 'gradientsWithInput', shape, true)
      defineTurns(m, 'turn', 'back', shape)
      program = m.instantiate(this.memory) as unknown as BlockProgram
      this.blocks.set(key, program)
    }
    return program
  }

  dense(inputs: number, outputs: number): DenseProgram {
    const key = `${inputs},${outputs}`
    let program = this.denses.get(key)
    if (!program) {
      const m = new ModuleBuilder()
      defineDense(m, 'forwardRelu', inputs, outputs, true)
      defineDense(m, 'forward', inputs, outputs, false)
      defineDenseGradients(m, inputs, outputs)
      program = m.instantiate(this.memory) as unknown as DenseProgram
      this.denses.set(key, program)
    }
    return program
  }
}
