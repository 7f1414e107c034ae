import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { findBrowser } from './scripts/browser.ts'

const minutes = (n: number) => n * 60_000

/** What a test may take before it counts as hanging: generous, for a machine that has other things to do as well. */
const patience = (test: number) => ({
  testTimeout: minutes(test),
  hookTimeout: minutes(test),
  teardownTimeout: minutes(1),
  expect: { poll: { timeout: minutes(1), interval: 100 } }
})

export default defineConfig({
  test: {
    // every core: by default one is left idle, which on two is half of the machine
    maxWorkers: '100%',
    projects: [
      {
        extends: './vite.config.ts',
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', 'tests/engine/**'],
          ...patience(4)
        }
      },
      // WASM and CPU in Node
      {
        test: {
          name: 'engine',
          include: ['tests/engine/*.test.ts'],
          ...patience(3)
        }
      },
      // WebGPU in Node, where the package `webgpu` has been installed beside the others: for GPU machines, not for CI
      {
        test: {
          name: 'engine-dawn',
          include: ['tests/engine/dawn/*.test.ts'],
          ...patience(4)
        }
      },
      // WebGPU in a real Chromium, on its software adapter
      {
        test: {
          name: 'engine-webgpu',
          include: ['tests/engine/webgpu/*.test.ts'],
          ...patience(4),
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: findBrowser(),
                args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
              }
            }),
            instances: [{ browser: 'chromium' }]
          }
        }
      },
      // the built site in a real Chromium
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          ...patience(5),
          fileParallelism: false,
          globalSetup: 'tests/e2e/site.ts'
        }
      }
    ]
  }
})
