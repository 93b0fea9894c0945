import { createRequire } from 'node:module'

/** The package's version, asked for by the package's name: the way to its files is not always the same. */
export const version: string = (
  createRequire(import.meta.url)('parapet/package.json') as { version: string }
).version
