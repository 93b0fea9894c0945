import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { eventLine, folder, root } from '../support/cli.ts'

/** The files that Node loads for one command line, relative to the project. */
function filesLoadedFor(...args: readonly string[]): readonly string[] {
  const coverage = folder({})
  const program = path.join(root, 'dist/bin/parapet.js')
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
  expect(loaded.filter((file) => !file.startsWith('dist/bin/'))).toEqual([])
  expect(loaded.length).toBeGreaterThan(1)
  expect(loaded.length).toBeLessThanOrEqual(7)
})

test('whatever the built files import is there', () => {
  const bin = path.join(root, 'dist/bin')
  const missing = readdirSync(bin)
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) =>
      [...readFileSync(path.join(bin, file), 'utf8').matchAll(/(?:from|import)[ (]*"(\.[^"]+)"/g)]
        .filter(([, imported]) => !existsSync(path.join(bin, imported!)))
        .map(([, imported]) => `${file} → ${imported}`),
    )
  expect(missing).toEqual([])
})
