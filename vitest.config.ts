import { defineConfig } from 'vitest/config'

const shared = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: ['./test/support/property.ts'],
  globalSetup: ['./test/support/built.ts'],
}

/** `npm test` runs the fast project, `npm run test:slow` what takes minutes or needs a built `dist`. */
export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', ...(process.env['PARAPET_TALLY'] ? ['./.ci/tally.mjs'] : [])],
    projects: [
      {
        test: {
          ...shared,
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/slow/**', 'test/conformance/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'slow',
          include: ['test/slow/**/*.test.ts'],
          testTimeout: 900_000,
          env: { PARAPET_PROPERTY_MS: process.env['PARAPET_PROPERTY_MS'] ?? '900000' },
          fileParallelism: false,
        },
      },
      {
        test: { ...shared, name: 'conformance', include: ['test/conformance/**/*.test.ts'] },
      },
    ],
  },
})
