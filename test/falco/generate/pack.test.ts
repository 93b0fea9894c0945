import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VALUE_OPERATIONS } from '../../../src/falco/generate/coverage.ts'
import { readCaseFiles } from '../../../src/io/testing/case-files.ts'
import { readyCases } from '../../../src/io/testing/ready-cases.ts'
import { bindData } from '../../../src/residual/bind.ts'
import type { Json } from '../../../src/residual/residual.ts'
import type { RulesSubject } from '../../../src/testing/engine.ts'
import { boundaryEvents } from '../../residual/boundary-events.ts'
import { filledData } from '../../residual/pack.ts'
import { mergePatch, partsOf, pointer, subjects } from '../../pack/patches.ts'
import { eventLine, recording, root } from '../../support/cli.ts'
import { auditEvents, auditLogs, corpusMissing } from '../../support/logs.ts'
import { compilePack, type Pack } from '../../support/pack.ts'
import { hasToolchain } from '../../toolchain/support.ts'
import { conforming } from './conforming.ts'
import { decoys, withDecoy } from './decoys.ts'
import { patched } from './patched.ts'
import { Parity } from './parity.ts'

if (corpusMissing()) process.stdout.write(`only the recording: ${corpusMissing()}\n`)

const second = path.resolve(root, '../shared/recordings/cluster.jsonl')
const logs: readonly (readonly [string, string])[] = [
  ...auditLogs(),
  ...(existsSync(second) ? [['the recording with labels', second] as const] : []),
]

function permutations<T>(all: readonly T[]): readonly (readonly T[])[] {
  if (all.length < 2) return [all]
  return all.flatMap((first, i) =>
    permutations(all.toSpliced(i, 1)).map((rest) => [first, ...rest]),
  )
}

/** Of cases only their events are wanted. */
const subjectOf = (): RulesSubject => ({ kind: 'rules', rules: new Set() })

describe.skipIf(!hasToolchain)('the generated rules and the guardrails', () => {
  let pack: Pack
  const parities: { readonly data: Json; readonly parity: Parity }[] = []
  beforeAll(async () => {
    pack = await compilePack()
    for (const data of [pack.data as Json, filledData])
      parities.push({ data, parity: await Parity.open(pack, data) })
  })
  afterAll(() => pack?.toolchain.close())

  test.each(logs)('agree on every event of %s', (_name, file) => {
    const events = auditEvents(file)
    expect(events.length).toBeGreaterThan(10)
    for (const { parity } of parities) for (const event of events) parity.check(event)
  })

  test('agree on the events of all cases', async () => {
    const files = await readCaseFiles(path.join(root, 'rego'), 'rego')
    const subjects = files.map((file) => ({ file, id: file.path, subjectOf }))
    const ready = await readyCases(subjects, root, () => true)
    expect(ready.length).toBeGreaterThan(100)
    for (const { parity } of parities)
      for (const { events } of ready) for (const event of events) parity.check(event)
  })

  test('agree on patches of all that guardrails look for, whatever the order of their members', () => {
    let checked = 0
    for (const { objectRef, object } of subjects) {
      const write = (verb: string, requestObject: unknown): void => {
        const fields = { verb, objectRef: { ...objectRef, name: 'web' }, requestObject }
        parities[0]!.parity.check(Buffer.from(eventLine(fields)))
        checked += 1
      }
      write('create', object)
      for (const part of partsOf(object)) {
        write('patch', mergePatch(part, object))
        const path = pointer(part, String)
        for (const op of ['add', 'replace', 'test', 'remove', 'copy']) {
          const value = VALUE_OPERATIONS.includes(op) ? [['value', part.value] as const] : []
          for (const members of permutations([['op', op], ['path', path], ...value])) {
            const operation = Object.fromEntries(members)
            const others = [
              { op: 'remove', path: '/x' },
              { op: 'test', path: '/y', value: {} },
            ]
            write('patch', [others[0], operation, others[1]])
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(1000)
  })

  test('agree where maps of texts, and owners, hold what guardrails look for', () => {
    const { parity } = parities[0]!
    const events = new Set<string>()
    for (const { objectRef, object } of subjects) {
      for (const one of [object, {}].flatMap((into) => decoys(into, object))) {
        const parts = Object.entries(one).map(([name, value]) => ({
          value,
          path: `/${name}`,
          op: 'add',
        }))
        for (const [verb, requestObject] of [
          ['create', one],
          ['patch', [{ op: 'replace', path: '', value: one }]],
          ['patch', parts],
        ] as const) {
          const line = eventLine({ verb, objectRef: { ...objectRef, name: 'web' }, requestObject })
          events.add(JSON.stringify(conforming(JSON.parse(line) as Json, parity.schema)))
        }
      }
    }
    expect(events.size).toBeGreaterThan(1000)
    for (const event of events) parity.check(Buffer.from(event))
  })

  test('agree on events around the boundaries of the guardrails that fit the schema', () => {
    const bases = readFileSync(recording, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Json)
    for (const { parity, data } of parities) {
      const residuals = parity.generated.outcomes.map(({ residual }) => bindData(residual, data))
      const numbers = fc.infiniteStream(fc.nat({ max: 9999 }))
      const property = fc.property(
        boundaryEvents(residuals, bases, 100),
        numbers,
        (lines, given) => {
          const draw = (choices: number): number => (given.next().value as number) % choices
          for (const line of lines) {
            const event = conforming(JSON.parse(line) as Json, parity.schema)
            const other = patched(event, draw)
            const disguised = withDecoy(draw(2) === 0 ? event : other, draw)
            const others = [other, disguised, patched(disguised, draw)]
            for (const one of [event, ...others.map((is) => conforming(is, parity.schema))])
              parity.check(Buffer.from(JSON.stringify(one)))
          }
        },
      )
      expect(() => fc.assert(property, { numRuns: 20 })).not.toThrow()
    }
  })

  test('both find something, each of them', () => {
    const { found } = parities[1]!.parity
    expect([...found].filter(([, count]) => count === 0).map(([id]) => id)).toEqual([])
  })
})
