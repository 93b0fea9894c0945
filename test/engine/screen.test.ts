import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProvedEvent } from '../../src/audit/proved.ts'
import { EventSplitter } from '../../src/audit/split.ts'
import type { Evaluator, Match } from '../../src/engine/evaluator.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { Scan } from '../../src/engine/scan.ts'
import type { Indexed } from '../../src/rego/event-index.ts'
import { matchAtom } from '../../src/rego/match-atom.ts'
import { holds } from '../../src/residual/holds.ts'
import { eventPath, type Json, type Path, type Residual } from '../../src/residual/residual.ts'
import type { LocatedDiagnostic } from '../../src/text/diagnostic.ts'
import { bytesOf, mutated, spelt } from '../audit/events.ts'
import { referenceReads, referenceRules } from '../bench/reference.ts'

/**
 * An engine that carries out residuals on parsed events: what a policy would find if its messages
 * were its rules' names. Counts what it is asked.
 */
class ResidualEvaluator implements Evaluator {
  readonly name = 'residuals'
  readonly rules = []
  readonly labels = undefined
  readonly parts: readonly Indexed[]
  asked = 0
  readonly #rules: readonly (readonly [id: string, residual: Residual])[]

  constructor(rules: Readonly<Record<string, Residual>>, reads: readonly Path[]) {
    this.#rules = Object.entries(rules)
    this.parts = this.#rules.map(([, residual]) => ({ residual, reads, pure: true }))
  }

  evaluate(event: ProvedEvent, parts = this.parts.map((_, part) => part)): readonly Match[] {
    this.asked++
    const value = JSON.parse(Buffer.from(event).toString()) as Json
    return parts
      .map((part) => this.#rules[part]!)
      .filter(([, residual]) => holds(residual, value, matchAtom) === 'yes')
      .map(([id]) => ({
        engine: 'rego',
        rule: id,
        title: id,
        priority: 'Notice',
        message: `found ${id}`,
        tags: [],
      }))
  }
}

interface Outcome {
  readonly findings: Finding[]
  readonly incomplete: LocatedDiagnostic[]
  readonly counts: Record<string, unknown>
  readonly asked: number
}

/** Scans an input that comes in pieces of these sizes, again and again. */
function scan(input: Uint8Array, index: boolean, sizes: readonly number[] = [65_536]): Outcome {
  const evaluator = new ResidualEvaluator(referenceRules, referenceReads)
  const findings: Finding[] = []
  const incomplete: LocatedDiagnostic[] = []
  const core = new Scan(
    [evaluator],
    { dedupWindow: 100, redact: true, index },
    { finding: (item) => findings.push(item), incomplete: (item) => incomplete.push(item) },
  )
  const splitter = new EventSplitter(core.sink('log'), { file: 'log' })
  for (let at = 0, turn = 0; at < input.length; turn++) {
    const size = sizes[turn % sizes.length]!
    splitter.push(Buffer.from(input.subarray(at, at + size)))
    at += size
  }
  splitter.end()
  const { seconds: _, ...counts } = core.summary(input.length, 0)
  return { findings, incomplete, counts, asked: evaluator.asked }
}

function compare(input: Uint8Array, sizes?: readonly number[]): Outcome {
  const { asked: _, ...want } = scan(input, false)
  const { asked, ...got } = scan(input, true, sizes)
  expect(got).toEqual(want)
  return { ...got, asked }
}

const recordings = readFileSync(path.join(import.meta.dirname, '../recordings/cluster.jsonl'))
const events = recordings.toString().trimEnd().split('\n')
const jsonOf = (text: string): unknown => JSON.parse(text)

describe('the same findings, complaints and counts with the index and without', () => {
  test('on the recordings, most of which are never evaluated', () => {
    const { findings, asked, counts } = compare(recordings)
    expect(findings.length).toBeGreaterThan(20)
    expect(asked).toBeLessThan(Number(counts['events']) / 4)
  })

  test('a rule that is not understood is asked once for each of what it reads', () => {
    const opaque: Residual = [
      [{ kind: 'opaque', reads: [eventPath('verb')], text: 'f(input.verb)' }],
    ]
    const evaluator = new ResidualEvaluator({ opaque }, [eventPath('verb')])
    const core = new Scan(
      [evaluator],
      { dedupWindow: 0, redact: true },
      { finding() {}, incomplete: (item) => expect.fail(item.message) },
    )
    const splitter = new EventSplitter(core.sink('log'), { file: 'log' })
    splitter.push(recordings)
    splitter.end()
    const verbs = new Set(events.map((text) => (jsonOf(text) as { verb: string }).verb))
    expect(evaluator.asked).toBe(verbs.size)
    expect(core.summary(0, 0).events).toBe(events.length)
  })

  test.each([
    ['an array on one line', JSON.stringify(events.map(jsonOf))],
    [
      'an EventList over many lines',
      JSON.stringify({ kind: 'EventList', items: events.slice(0, 300).map(jsonOf) }, null, 1),
    ],
    [
      'a list between lines',
      `${events[0]}\n${JSON.stringify({ kind: 'EventList', items: events.slice(0, 9).map(jsonOf) })}\n${events[1]}\n`,
    ],
    [
      'events printed over many lines',
      events
        .slice(0, 200)
        .map((text) => JSON.stringify(jsonOf(text), null, 2))
        .join('\n'),
    ],
    ['lines in CRLF, with blank ones', events.slice(0, 300).join('\r\n\r\n')],
    ['no line feed at the end', events.slice(0, 5).join('\n')],
    ['a byte-order mark', `\ufeff${events.slice(0, 5).join('\n')}\n`],
  ])('%s', (_note, text) => {
    const { counts } = compare(bytesOf(text), [1000, 65_536])
    expect(counts['events']).toBe(text.match(/"auditID"/g)?.length)
  })

  test('every list element is screened as lines are', () => {
    const { asked, counts } = compare(bytesOf(JSON.stringify(events.map(jsonOf))))
    expect(asked).toBeLessThan(Number(counts['events']) / 4)
  })

  test('broken lines among others are reported where they are, however the input is cut', () => {
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...events).map(bytesOf) },
      { weight: 2, arbitrary: spelt.map(bytesOf) },
      { weight: 2, arbitrary: mutated },
      {
        weight: 3,
        arbitrary: fc
          .tuple(
            fc.constantFrom(...events),
            fc.noBias(fc.nat()),
            fc.constantFrom('', '"', '}', '\u0000'),
          )
          .map(([text, where, insert]) => {
            const at = where % text.length
            return bytesOf(text.slice(0, at) + insert + text.slice(at + 1))
          }),
      },
      fc.constantFrom('', '{}', '[]', 'x', '{"kind":"EventList","items":[{}]}', '{').map(bytesOf),
    )
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), sizes, (lines, cut) => {
        const input = Buffer.concat(lines.flatMap((item) => [item, bytesOf('\n')]))
        expect(Number(compare(input, cut).counts['events'])).toBeLessThanOrEqual(60)
      }),
      { numRuns: 300 },
    )
  })

  test('lines longer than the scanner’s window', () => {
    const long = (size: number): string =>
      events[3]!.replace('{', `{"annotations2":"${'x'.repeat(size)}",`)
    const lines = [events[0], long(255_000), events[1], long(262_144), long(700_000), events[2]]
    const { counts } = compare(bytesOf(`${lines.join('\n')}\n`), [524_288])
    expect(counts['events']).toBe(lines.length)
  })
})
