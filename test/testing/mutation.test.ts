import { expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import type { Verdict } from '../../src/engine/judge.ts'
import type { Want } from '../../src/testing/case.ts'
import { judgeMutants, type Mutant, mutationScore } from '../../src/testing/mutation.ts'
import type { ReadyCase } from '../../src/testing/run.ts'

const bytes = Buffer.from('{"kind":"Event"}')
const event = admit(bytes, 0, bytes.length, () => {})!

function ready(note: string, want: Want, events = 1): ReadyCase {
  const happens = { kind: 'events', events: [] } as const
  const one = { note, happens, want, file: 'a.cases.yaml', line: 1, wantSpan: { start: 0, end: 0 } }
  const subject = { kind: 'rules', rules: new Set<string>() } as const
  return { case: one, subject, events: Array.from({ length: events }, () => event) }
}

function mutants(count: number): Mutant[] {
  const place = { file: 'a.rego', column: 1 }
  return Array.from({ length: count }, (_, index) => {
    return { kind: 'condition', before: `m${index}`, after: '', line: index, ...place } as const
  })
}

const silence: Verdict = { matches: [] }
const broken: Verdict = { problem: { code: 'EVAL_CONFLICT_ERROR', message: 'two values' } }
const finding: Verdict = {
  matches: [{ engine: 'rego', rule: 'a', title: 'A', priority: 'Notice', message: 'm', tags: [] }],
}

test('a mutant survives where every case gets what it wants, over all of its events', () => {
  const cases = [ready('none', { kind: 'none' }), ready('two', { kind: 'count', count: 2 }, 2)]
  const all = mutants(4)
  const { survivors } = judgeMutants(cases, {
    mutants: all,
    leftOut: 0,
    events: [
      { verdicts: [silence, finding], each: [0, 0, 1, 0, 0] },
      { verdicts: [finding, silence], each: [0, 0, 0, 1, 0] },
      { verdicts: [finding, silence], each: [0, 0, 0, 0, 1] },
    ],
  })
  expect(survivors).toEqual([all[0]])
})

test('a mutant that fails is noticed, and a case that fails by itself notices nothing', () => {
  const cases = [ready('passes', { kind: 'none' }), ready('fails', { kind: 'none' })]
  const all = mutants(2)
  const { survivors } = judgeMutants(cases, {
    mutants: all,
    leftOut: 0,
    events: [
      { verdicts: [silence, broken], each: [0, 1, 0] },
      { verdicts: [finding, broken], each: [0, 1, 1] },
    ],
  })
  expect(survivors).toEqual([all[1]])
})

test('without a case everything survives, and without a mutant nothing is missing', () => {
  const all = mutants(3)
  const one = judgeMutants([], { mutants: all, leftOut: 2, events: [] })
  expect(one).toMatchObject({ survivors: all, leftOut: 2 })
  expect(mutationScore([one])).toBe(0)
  expect(mutationScore([])).toBe(100)
  expect(mutationScore([one, { ...one, survivors: [] }])).toBe(50)
})
