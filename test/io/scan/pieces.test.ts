import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BlindSpots } from '../../../src/engine/blind-spots.ts'
import { Sample } from '../../../src/engine/sample.ts'
import { Scan } from '../../../src/engine/scan.ts'
import type { Cut } from '../../../src/io/scan/cut.ts'
import { openInputs } from '../../../src/io/input/inputs.ts'
import { PieceScan } from '../../../src/io/scan/piece-scan.ts'
import { loadPolicies } from '../../../src/io/policy/policies.ts'
import { readEvents, type Threads } from '../../../src/io/scan/read-events.ts'
import { ScanThreads } from '../../../src/io/scan/scan-threads.ts'
import { type KeptFinding, KeptFindings } from '../../../src/io/scan/kept-finding.ts'
import { FindingsSender, type ReceivedFinding } from '../../../src/io/scan/sent-finding.ts'
import { prepare, type Wanted } from '../../../src/io/scan/wanted.ts'
import { eventLine } from '../../support/cli.ts'
import { everythingOf } from '../wanted.ts'

/** Logs that are cut; `npm run test:deep` takes more. */
const RUNS = Number(process.env['PARAPET_RUNS'] ?? 300)

let folder: string
let wanted: Wanted
let parts: Awaited<ReturnType<typeof prepare>>
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'parapet-pieces-'))
  const data = path.join(folder, 'org.yaml')
  writeFileSync(
    data,
    'org:\n  exceptions:\n    ops:\n      guardrail: pod-exec\n      until: "2099-01-01"\n      reason: r\n      match: {user: ops@example.com}\n',
  )
  const sources = await loadPolicies({ cwd: folder, data: [data] })
  wanted = everythingOf(sources)
  parts = await prepare(wanted)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const auditID = fc.integer({ min: 0, max: 6 }).map((i) => `id-${i}`)
const fields = fc.record({
  auditID,
  stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete'),
  level: fc.constantFrom('Metadata', 'Request', 'RequestResponse'),
  verb: fc.constantFrom('get', 'create', 'delete', 'list'),
  user: fc
    .constantFrom('alice@example.com', 'ops@example.com', 'system:anonymous')
    .map((username) => ({ username, groups: [] })),
  userAgent: fc.string({ maxLength: 40 }),
})
const line = fields.map(eventLine)
const pretty = fields.map((event) => JSON.stringify(JSON.parse(eventLine(event)), null, 1))
const list = fc.array(line, { maxLength: 3 })
const record = (text: string): string =>
  JSON.stringify({ category: 'kube-audit', properties: { log: `${text}\n` } })

/** What stands in logs, a document or a piece of garbage each. */
const document = fc.oneof(
  { weight: 12, arbitrary: line },
  { weight: 2, arbitrary: pretty },
  { weight: 1, arbitrary: list.map((items) => `[${items.join(',')}]`) },
  {
    weight: 1,
    arbitrary: list.map((items) => `{"kind":"EventList","items":[\n${items.join(',\n')}]}`),
  },
  { weight: 1, arbitrary: line.map(record) },
  { weight: 1, arbitrary: line.map((event) => `2026-11-24T10:00:00.123Z ${event}`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.oneof(line, pretty), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([text, share]) => text.slice(0, Math.floor(text.length * share))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '\r', '{}', 'x', '{', ']', '{"insertId":"a","protoPayload":{}}'),
  },
)

/** A log that is mostly of one form. */
const log = fc
  .tuple(
    fc.oneof(
      fc.array(document, { maxLength: 24 }),
      fc.array(line, { minLength: 8, maxLength: 60 }),
    ),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    fc.constantFrom('', '', '\uFEFF', '\0\u0001\u0002\u0003binary'),
  )
  .map(([documents, feed, isEnded, head]) => head + documents.join(feed) + (isEnded ? feed : ''))

const input = fc.tuple(log, fc.constantFrom('plain', 'plain', 'gzip', 'broken gzip', 'stdin'))

interface Case {
  readonly inputs: readonly (readonly [string, string])[]
  readonly cut: Cut
  readonly workers: number
  readonly dedupWindow: number
  readonly turns: readonly number[]
}

const cases: fc.Arbitrary<Case> = fc.record({
  inputs: fc.array(input, { minLength: 1, maxLength: 3 }),
  cut: fc.record({
    pieceBytes: fc.integer({ min: 1, max: 6000 }),
    workersFrom: fc.constantFrom(-1, -1, 3000),
  }),
  workers: fc.integer({ min: 1, max: 4 }),
  dedupWindow: fc.constantFrom(0, 1, 3, 65_536),
  turns: fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }),
})

/** Writes the inputs; gives their arguments. Of standard input there is only one. */
function write(inputs: Case['inputs']): { args: string[]; stdin: string } {
  let stdin: string | undefined
  const args = inputs.map(([text, kind], i) => {
    if (kind === 'stdin' && stdin === undefined) {
      stdin = text
      return '-'
    }
    const packed = kind.endsWith('gzip') ? gzipSync(text) : Buffer.from(text)
    const file = path.join(folder, `${i}.log`)
    writeFileSync(file, kind === 'broken gzip' ? packed.subarray(0, packed.length - 9) : packed)
    return file
  })
  return { args, stdin: stdin ?? '' }
}

/** All that a scan gives out. Without threads it is the reference. */
async function outcome(one: Case, isThreaded: boolean): Promise<unknown> {
  const { args, stdin } = write(one.inputs)
  const chunks = stdin === '' ? [] : [Buffer.from(stdin)]
  const { inputs } = await openInputs(args, { cwd: folder, stdin: Readable.from(chunks) })
  const said: unknown[] = []
  const found: string[] = []
  const { evaluators, rules } = parts
  const scan = new Scan(
    evaluators,
    { ...rules, dedupWindow: one.dedupWindow },
    {
      finding: (finding) => found.push(JSON.stringify(finding)),
      excepted: (finding, { name }) => found.push(`${name} ${JSON.stringify(finding)}`),
      incomplete: (diagnostic) => said.push(diagnostic),
    },
  )
  const guardrails = evaluators.flatMap(({ watchers = [] }) => watchers)
  const blindSpots = new BlindSpots(() => guardrails, guardrails.length)
  const receive = (one: ReceivedFinding | KeptFinding): void => {
    const json = 'json' in one ? one.json : JSON.stringify(one.finding)
    found.push(one.exception ? `${one.exception.name} ${json}` : json)
  }
  const sample = new Sample((event) => blindSpots.add(event))
  const threads = isThreaded ? pretend(one, scan, blindSpots, receive) : undefined
  const onNotice = (text: string): void => void said.push(text)
  const how = { cut: one.cut, sample, onNotice, threads }
  let bytes = 0
  for await (const more of readEvents(inputs, scan, how)) bytes += more
  return { found, said, summary: scan.summary(bytes, 0), blindSpots: blindSpots.found() }
}

/** Evaluates pieces in this thread, out of their order, with what goes to and fro cloned. */
function pretend(
  { workers, turns }: Case,
  scan: Scan,
  blindSpots: BlindSpots,
  found: (finding: ReceivedFinding | KeptFinding) => void,
): Threads {
  const { evaluators, rules } = parts
  const count = workers + 1
  const real = new ScanThreads({ count, wanted, evaluators, rules, scan, blindSpots, found })
  const here = new PieceScan(evaluators, rules, new KeptFindings())
  const scans = Array.from(
    { length: workers },
    () => new PieceScan(evaluators, rules, new FindingsSender()),
  )
  let begun = 0
  return {
    places: workers * 2,
    heldMax: real.heldMax,
    async evaluate(piece) {
      const turn = begun++
      for (let i = 0; i < turns[turn % turns.length]!; i++) await setImmediate()
      return structuredClone(scans[turn % workers]!.evaluate(piece))
    },
    evaluateHere: (piece) => here.evaluate(piece),
    join: (result, of, linesBefore) => real.join(result, of, linesBefore),
  }
}

test(
  'pieces come to what the whole comes to, however it is cut and whoever evaluates them',
  async () => {
    let findings = 0
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const want = await outcome(one, false)
        findings += (want as { found: unknown[] }).found.length
        expect(await outcome(one, true)).toEqual(want)
      }),
      { numRuns: RUNS },
    )
    expect(findings).toBeGreaterThan(RUNS)
  },
  60_000 + RUNS * 100,
)
