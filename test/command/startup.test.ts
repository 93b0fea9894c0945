import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { eventLine, folder, root } from '../support/cli.ts'

/** The files that Node loads for one command line, relative to the project. */
function filesLoadedFor(...args: readonly string[]): readonly string[] {
  const coverage = folder({})
  const program = path.join(root, 'bin/parapet.cjs')
  const env = { ...process.env, NODE_V8_COVERAGE: coverage }
  const { status } = spawnSync(process.execPath, [program, ...args], { env })
  expect(status).toBe(0)
  const [report] = readdirSync(coverage)
  const { result } = JSON.parse(readFileSync(path.join(coverage, report!), 'utf8')) as {
    result: readonly { readonly url: string }[]
  }
  return result
    .filter(({ url }) => url.startsWith('file:'))
    .map(({ url }) => path.relative(root, fileURLToPath(url)).replaceAll(path.sep, '/'))
}

test('a scan loads few files, and no packages', () => {
  const log = path.join(folder({ 'audit.log': eventLine() }), 'audit.log')
  const loaded = filesLoadedFor('scan', log, '--fail-on', 'none')
  expect(loaded.filter((file) => !/^(?:dist\/)?bin\//.test(file))).toEqual([])
  expect(loaded.length).toBeGreaterThan(3)
  expect(loaded.length).toBeLessThanOrEqual(8)
})

test('whatever the built files import is there', () => {
  const bin = path.join(root, 'dist/bin')
  const missing = readdirSync(bin)
    .filter((file) => file.endsWith('.cjs'))
    .flatMap((file) =>
      [...readFileSync(path.join(bin, file), 'utf8').matchAll(/(?:require|import)\("(\.[^"]+)"/g)]
        .filter(([, imported]) => !existsSync(path.join(bin, imported!)))
        .map(([, imported]) => `${file} → ${imported}`),
    )
  expect(missing).toEqual([])
})

test('V8 takes what was compiled when it was built', () => {
  for (const chunk of ['engine.cjs', 'scan.cjs']) {
    // It would have nothing to load with: V8 keeps code alone.
    expect(readFileSync(path.join(root, 'dist/bin', chunk), 'utf8')).not.toMatch(/\bimport\(["'`]/)
  }
  const ask =
    "const { chunks, loadChunk } = require('./bin/load.cjs');" +
    'console.log(chunks.map((chunk) => loadChunk(chunk).cachedDataRejected).join())'
  const { stdout } = spawnSync(process.execPath, ['-e', ask], { cwd: root, encoding: 'utf8' })
  expect(stdout.trim()).toBe('false,false')
})
