import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WORKERS_BYTES_MIN } from '../../src/text/limits.ts'
import { cli, recording } from '../support/cli.ts'

let folder: string
let log: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'parapet-workers-'))
  log = path.join(folder, 'audit.log')
  const block = readFileSync(recording)
  const copies = Math.ceil((WORKERS_BYTES_MIN * 1.2) / block.length)
  writeFileSync(log, Buffer.concat(Array<Buffer>(copies).fill(block)))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(['pretty', 'jsonl', 'csv', 'sarif'])(
  '%s is the same from two threads',
  async (format) => {
    const report = async (workers: string): Promise<string> => {
      const args = ['scan', log, '-f', format, '--fail-on', 'none', '--workers', workers]
      const { stdout, code } = await cli(args)
      expect(code).toBe(0)
      return stdout.replace(/in [\d.]+ s \([\d,]+ events\/s\)/, '')
    }
    const two = await report('2')
    expect(two === (await report('1'))).toBe(true)
    expect(two.length).toBeGreaterThan(10_000)
  },
)
