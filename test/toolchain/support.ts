import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { builtWasm } from '../../src/toolchain/location.ts'
import { Toolchain, type ToolchainOptions } from '../../src/toolchain/toolchain.ts'

/** Whether the compiler was built; suites that need it are skipped without Go. */
export const hasToolchain: boolean = existsSync(builtWasm)
if (!hasToolchain) {
  process.stderr.write('skipped: no toolchain/out/opa.wasm; run `npm run prepare` with Go\n')
}

/** A toolchain without a cache, closed when the file's tests have run. */
export function openToolchain(options: ToolchainOptions = {}): Toolchain {
  const toolchain = Toolchain.open({ cacheDir: null, ...options })
  afterAll(() => toolchain.close())
  return toolchain
}

/** A temporary folder, removed when the file's tests have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)
export const text = (part: Uint8Array | undefined): string => Buffer.from(part ?? []).toString()
