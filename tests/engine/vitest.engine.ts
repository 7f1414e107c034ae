/** The engine's two test projects: WASM and CPU in Node, WebGPU in a real Chromium on its software adapter. */
import { playwright } from '@vitest/browser-playwright'
import type { TestProjectConfiguration } from 'vitest/config'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

export const engine: TestProjectConfiguration = {
  test: {
    name: 'engine',
    include: ['tests/engine/*.test.ts'],
    environment: 'node',
    testTimeout: 60000,
    hookTimeout: 60000
  }
}

export const engineWebgpu: TestProjectConfiguration = {
  test: {
    name: 'engine-webgpu',
    include: ['tests/engine/webgpu/*.test.ts'],
    testTimeout: 120000,
    hookTimeout: 120000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath,
          args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
        }
      }),
      instances: [{ browser: 'chromium' }]
    }
  }
}
