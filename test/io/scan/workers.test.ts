import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Cut } from '../../../src/io/scan/cut.ts'
import { Pool } from '../../../src/io/scan/pool.ts'
import { scan, type ScanOptions } from '../../../src/io/scan/scan.ts'
import { eventLine, recording, root } from '../../support/cli.ts'
import type { EvaluatorSource } from '../../../src/io/policy/evaluators.ts'
import { everythingOf } from '../wanted.ts'

const log = readFileSync(recording)
const cut: Cut = { pieceBytes: 150_000, workersFrom: -1 }
const rules = path.join(root, 'falco-rules/parapet_k8s_audit_rules.yaml')

let folder: string
let inputs: string[]
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'parapet-workers-'))
  const files = {
    'a.log': log,
    'b.log.gz': gzipSync(log.subarray(0, 700_000)),
    'c.log': JSON.stringify({ kind: 'EventList', items: [] }, null, 1),
  }
  inputs = Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name)
    writeFileSync(file, content)
    return file
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

/** A pipe whose second half comes when another thread has started, where there is to be one. */
async function* pipe(workers: number): AsyncGenerator<Buffer> {
  const ready = vi.spyOn(Pool.prototype, 'ready')
  yield log.subarray(0, 400_000)
  if (workers > 1) await vi.waitUntil(() => ready.mock.results.length > 0, 10_000)
  await ready.mock.results[0]?.value
  yield log.subarray(400_000, 1_000_000)
}

/** All that a scan gives out, but for its time. */
async function outcome(options: ScanOptions): Promise<{ results: unknown[] }> {
  const said: unknown[] = []
  const run = await scan(['-', ...inputs], {
    cut,
    stdin: pipe(options.workers!),
    onIncomplete: (diagnostic) => said.push(diagnostic),
    onNotice: (text) => said.push(text),
    ...options,
  })
  const results: unknown[] = []
  for await (const batch of run.batches()) {
    for (const { finding, priority, known } of batch) results.push({ finding, priority, known })
  }
  const { seconds: _, ...summary } = run.summary
  return { results, said, summary, position: run.position } as { results: unknown[] }
}

describe('threads give what one thread gives', () => {
  test.each<[string, ScanOptions]>([
    ['as usual', {}],
    ['every stage', { everyStage: true }],
    ['a small window', { dedupWindow: 2 }],
    ['a choice', { minPriority: 'Warning', skip: ['wildcard-role'], where: ['verb!=list'] }],
    ['Falco rules too', { policies: ['builtin'], falco: [rules] }],
    ['no index', { index: false }],
    ['since a time', { since: '2026-01-01T00:00:00Z', redact: false }],
  ])('%s', async (_name, options) => {
    const elsewhere = vi.spyOn(Pool.prototype, 'evaluate')
    const want = await outcome({ ...options, workers: 1 })
    expect(elsewhere).not.toHaveBeenCalled()
    expect(await outcome({ ...options, workers: 2 })).toEqual(want)
    expect(elsewhere.mock.calls.length).toBeGreaterThan(2)
    expect(want.results.length).toBeGreaterThan(0)
  })
})

test('an interrupted scan stops its threads and ends', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const elsewhere = vi.spyOn(Pool.prototype, 'evaluate')
  const run = await scan(['-', ...inputs], { cut, workers: 2, stdin: pipe(2), signal })
  let batchesAfter = 0
  for await (const _ of run.batches()) {
    if (signal.aborted) batchesAfter++
    else if (elsewhere.mock.calls.length > 0) controller.abort()
  }
  expect(signal.aborted).toBe(true)
  expect(batchesAfter).toBe(0)
})

test('what a slow pipe gives does not wait for the rest of its piece', async () => {
  let isSeen = (): void => {}
  const seen = new Promise<void>((resolve) => (isSeen = resolve))
  async function* stdin(): AsyncGenerator<Buffer> {
    yield log.subarray(0, 400_000)
    yield Buffer.from(`\n${eventLine({ auditID: 'the last' })}\n`)
    // Nothing comes any more until the finding has come out.
    await seen
  }
  const run = await scan(['-'], { cut, workers: 2, stdin: stdin() })
  let last: string | null = null
  for await (const { auditID } of run) {
    last = auditID
    if (auditID === 'the last') isSeen()
  }
  expect(last).toBe('the last')
})

test('a scan that nobody reads to its end stops its threads', async () => {
  const elsewhere = vi.spyOn(Pool.prototype, 'evaluate')
  const run = await scan(['-', ...inputs], { cut, workers: 2, stdin: pipe(2) })
  for await (const _ of run) if (elsewhere.mock.calls.length > 0) break
  expect(elsewhere).toHaveBeenCalled()
})

test('a thread that cannot work is an error that says what to do', async () => {
  const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
  const broken: EvaluatorSource = {
    kind: 'policy',
    name: 'broken',
    module,
    data: {},
    memoryBytesMax: 1e9,
    guardrails: [],
    residuals: undefined,
  }
  const pool = new Pool(1, everythingOf([broken]))
  const content = Buffer.from('{}\n')
  const piece = { file: 'a', content, isFirst: true, isLast: true, isBeginning: true }
  await expect(pool.evaluate(piece)).rejects.toMatchObject({
    code: 'WORKER_FAILED',
    message: expect.stringContaining('not a policy built by OPA'),
    help: expect.stringContaining('--workers 1'),
  })
  await pool.close()
})
