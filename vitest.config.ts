import { defineConfig } from 'vitest/config'

/** Fast suites run in `npm test`; `npm run test:slow` runs what takes minutes (see CONTRIBUTING.md). */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**', 'node_modules/**', 'dist/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
})
