import { fileURLToPath } from 'node:url'

// `src/io`, `dist/io` and `dist/bin` are equally deep, so the same paths lead to what stands beside them.
const beside = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The guardrails that come with Parapet, as a bundle. */
export const builtinBundle: string = beside('bundles/parapet.tar.gz')

/** The same guardrails as they are written. */
export const builtinSources: string = beside('rego')

/** Falco rules made of them. */
export const builtinRules: string = beside('falco-rules')

/**
 * What a thread of a scan runs: the built one, also where sources are under test, because Node 20 runs no
 * TypeScript in a thread. Tests build it before they begin.
 */
export const scanWorker: string = beside('bin/worker.cjs')
