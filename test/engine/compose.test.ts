import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventFacts } from '../../src/engine/compose.ts'
import type { Match } from '../../src/engine/evaluator.ts'
import { Screen } from '../../src/engine/screen.ts'
import { logLines } from '../support/logs.ts'
import { recording } from '../support/cli.ts'
import { plantedShape, plantedValue } from '../audit/redact/planting.ts'

/** Hands on every event. */
const screen = new Screen([
  { name: 'all', rules: [], labels: undefined, evaluate: (): readonly Match[] => [] },
])

function matchOf(message: string): Match {
  const output_fields = { field: message }
  return {
    engine: 'falco',
    rule: 'r',
    title: 'r',
    priority: 'Notice',
    message,
    tags: [],
    output_fields,
  }
}

/** Says the same of the event from its facts as from the whole; how it came to that. */
function check(line: string, messages: readonly string[]): { open: number; facts: number } {
  const seen = { open: 0, facts: 0 }
  const bytes = Buffer.from(`${line}\n`)
  screen.lines(bytes, 0, bytes.length, {
    events([chosen]) {
      for (const redact of [true, false]) {
        const whole = new EventFacts({ event: chosen!.event }, redact)
        const facts = new EventFacts(chosen!, redact)
        for (const message of messages) {
          const match = matchOf(message)
          expect(facts.finding(match, 'f', 1)).toEqual(whole.finding(match, 'f', 1))
        }
      }
      if (chosen!.facts()) seen.facts++
      if (chosen!.mayHoldSecrets()) seen.open++
    },
    doubt: () => true,
  })
  return seen
}

/** All strings of an event, and its names. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => [name, ...textsOf(item)])
}

test('findings from the facts of recorded events are those from the whole events', () => {
  const seen = { events: 0, open: 0, facts: 0 }
  for (const line of logLines(recording)) {
    const text = Buffer.from(line).toString()
    const { open, facts } = check(text, ['a message', textsOf(JSON.parse(text)).join(' ')])
    seen.events++
    seen.open += open
    seen.facts += facts
  }
  expect(seen.facts).toBeGreaterThan(0.9 * seen.events)
  expect(seen.open).toBeLessThan(0.5 * seen.events)
})

test('and so are those of events with a credential anywhere', () => {
  const planted = fc.oneof(plantedShape, plantedValue)
  let checked = 0
  fc.assert(
    fc.property(planted, fc.nat(), ({ line, core }, position) => {
      const texts = textsOf(JSON.parse(line))
      checked += check(line, [core, `it says ${texts[position % texts.length]}`]).facts
    }),
    { numRuns: 2000 },
  )
  expect(checked).toBeGreaterThan(1000)
})

const SECRET = 'Hunter2-correct8horse4battery'
/** What makes a text, or one beside it or below it, confidential, and what does not. */
const names = fc.constantFrom(
  'password', 'passwordFile', 'token', 'data', 'stringData', 'f:data', 'value', 'name', 'key', 'path',
  'command', 'args', 'kind', 'items', 'spec', 'note', 'requestObject', 'responseObject', 'annotations',
  'user', 'extra', 'username', 'objectRef', 'resource', 'requestURI', 'userAgent', 'a',
) // prettier-ignore
const texts = fc.constantFrom(
  SECRET, 'DB_PASSWORD', '/data/password', '--password', 'mysql', `-p${SECRET}`, 'Secret', 'ConfigMap',
  'secrets', `{"password":"${SECRET}"}`, ` [{"token":"${SECRET}"}]`, `\n\t{"token":"${SECRET}"}`,
  `\u00a0{"token":"${SECRET}"}`, `\ufeff{"token":"${SECRET}"}`, `x {"token":"${SECRET}"}`, '[]', '{',
  `/api?token=${SECRET}`, `/api?command=mysql&command=-p${SECRET}`, '/api', '',
  Buffer.from(SECRET).toString('base64'),
) // prettier-ignore
/** Confidential only because of what stands beside it. */
const neighbours = fc.constantFrom(
  { name: 'DB_PASSWORD', value: SECRET },
  { key: 'token', value: SECRET },
  { path: '/data/password', value: SECRET },
  { command: ['mysql', `-p${SECRET}`] },
  { args: ['--password', SECRET] },
)
const { object } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    fc.array(texts, { maxLength: 3 }),
    neighbours,
    fc.constantFrom(1, true, null),
    tie('object'),
    fc.array(tie('object'), { maxLength: 2 }),
  ),
  object: fc.dictionary(names, tie('value'), { maxKeys: 4 }),
}))

test('whatever else an event holds, and wherever', () => {
  let closed = 0
  fc.assert(
    fc.property(object, fc.boolean(), (members, isSpaced) => {
      const event = { ...members, kind: 'Event', apiVersion: 'audit.k8s.io/v1', auditID: 'x' }
      const text = JSON.stringify(event, null, isSpaced ? ' ' : '').replaceAll('\n', '')
      const messages = [SECRET, `${SECRET}: ${textsOf(event).join(' ')}`]
      const { facts, open } = check(text, messages)
      if (facts > open) closed++
    }),
    { numRuns: 2000 },
  )
  expect(closed).toBeGreaterThan(100)
})
