import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { extends: './vite.config.ts', test: { name: 'unit', include: ['tests/**/*.test.ts'], exclude: ['tests/e2e/**', 'tests/engine/**'], testTimeout: 30000 } },
      { test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], testTimeout: 240000, hookTimeout: 120000, fileParallelism: false, globalSetup: 'tests/e2e/site.ts' } }
    ]
  }
})
