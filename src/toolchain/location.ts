import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ParapetError } from '../text/error.ts'

// `src/toolchain`, `dist/toolchain` and `dist/bin` are equally deep, so the same path leads from all to
// the `toolchain` folder: sources under test, the built package and the published one share one worker.
const folder = new URL('../../toolchain/', import.meta.url)

/** The worker's entry: plain JavaScript, because Node 20 runs no TypeScript in a thread. */
export const workerEntry: URL = new URL('worker.mjs', folder)

/** The module that `npm run prepare` builds, and that the published package carries. */
export const builtWasm: string = fileURLToPath(new URL('out/opa.wasm', folder))

/** The module's path; throws a ParapetError `TOOLCHAIN_MISSING` when it was not built. */
export function requireWasm(wasm: string): string {
  if (existsSync(wasm)) return wasm
  throw new ParapetError('TOOLCHAIN_MISSING', 'the embedded OPA compiler is not built', {
    help: 'install Go (https://go.dev/dl) and run `npm run prepare` in the folder of parapet',
  })
}

/** What identifies the module: the digest that the build noted beside it, else that of its bytes. */
export async function wasmDigest(wasm: string): Promise<string> {
  requireWasm(wasm)
  try {
    const stamp: unknown = JSON.parse(readFileSync(wasm.replace(/\.wasm$/, '.json'), 'utf8'))
    const digest = (stamp as { sha256?: unknown } | null)?.sha256
    if (typeof digest === 'string') return digest
  } catch {
    // No stamp, or a broken one.
  }
  return createHash('sha256')
    .update(await readFile(wasm))
    .digest('hex')
}
