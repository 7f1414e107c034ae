/**
 * The fast path in Node over Dawn, on whatever Vulkan driver is there (Mesa's lavapipe, a real GPU):
 *   npm install --no-save webgpu && npx vitest run --project engine-dawn
 * CI runs the same cases in Chromium.
 */
import { describe } from 'vitest'
import { openEngine } from '../../../src/engine/index.ts'
import { openFast } from '../../../src/engine/fast/open.ts'
import { installWebgpu } from '../../../src/engine/node/webgpu.ts'
import { conformanceOfFast } from '../conformanceFast.ts'

describe('webgpu in Node, fast path', () =>
  conformanceOfFast(
    async options => {
      await installWebgpu()
      return openFast(options)
    },
    () => openEngine({ backend: 'wasm' }),
    false
  ))
