import { describe } from 'vitest'
import { openFast } from '../../../src/engine/fast/open.ts'
import { conformanceOfFast } from '../conformanceFast.ts'

describe('webgpu, fast path', () => conformanceOfFast(() => openFast(), true))
