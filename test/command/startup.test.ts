import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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

test('a scan loads few files', () => {
  const log = path.join(folder({ 'audit.log': eventLine() }), 'audit.log')
  const loaded = filesLoadedFor('scan', log, '--fail-on', 'none')
  const own = loaded.filter((file) => file.startsWith('dist/bin/'))
  expect(own.length).toBeGreaterThan(1)
  expect(own.length).toBeLessThanOrEqual(8)
  const packages = loaded.flatMap(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  )
  expect([...new Set(packages)].sort()).toEqual(['commander', 'picomatch', 're2js'])
  // Nothing of what tsc wrote file by file.
  expect(loaded.length).toBe(own.length + packages.length)
})
