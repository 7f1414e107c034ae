import { describe } from 'vitest'
import { openCpu } from '../../src/engine/backends/cpu.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import { conformance } from './conformance.ts'

describe('wasm', () => conformance('wasm', openWasm))
describe('cpu', () => conformance('cpu', openCpu))
