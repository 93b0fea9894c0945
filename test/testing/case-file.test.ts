import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { readCaseFile } from '../../src/testing/case-file.ts'
import { casesSchema } from '../../src/testing/schema.ts'
import { locate, renderDiagnostic } from '../../src/text/diagnostic.ts'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'
import { root } from '../support/cli.ts'

function read(text: string): { cases: readonly unknown[]; errors: string[] } {
  const document = { file: 'a.cases.yaml', text }
  const { cases, diagnostics } = readCaseFile(document)
  return {
    cases,
    errors: diagnostics.map((diagnostic) => renderDiagnostic(locate(diagnostic, [document]))),
  }
}

const sound = [
  '- {note: a, base: pod-exec, want: none}',
  '- {note: a, base: pod-exec, patch: {verb: create, user: null}, want: [one, two]}',
  '- {note: a, event: {verb: get}, want: {count: 2}}',
  '- {note: a, events: [{verb: get}, {verb: list}], want: [{message: m, priority: Notice}]}',
  '- {note: a, recording: a.jsonl, auditID: b, want: [{user: {name: a}, tags: []}]}',
  '- {note: a, recording: a.jsonl, auditID: b, stage: Panic, patch: {verb: x}, want: none}',
  '- {note: a, rule: A rule, base: pod-exec, want: [{output_fields: {ka.verb: get}}]}',
  '- {note: a, base: pod-exec, data: {org: {networks: [10.0.0.0/8]}}, want: none}',
]

/** Text, and the error that it gives. */
const mistakes: readonly (readonly [text: string, error: string])[] = [
  ['note: a', 'a.cases.yaml:1:1: error: a case file is not a list of cases [CASE_INVALID]'],
  ['- 1', '1:3: error: a case is not a mapping'],
  ['- {base: pod-exec, want: none}', '1:3: error: a case has no `note`'],
  ['- {note: a, base: pod-exec}', '1:3: error: a case has no `want`'],
  ['- {note: a, want: none}', '1:3: error: nothing happens in this case'],
  ['- {note: a, base: pod-exec, event: {}, want: none}', '`event` and `base`'],
  [
    '- {note: a, bsae: pod-exec, want: none}',
    '1:13: error: a case has no key `bsae` [CASE_INVALID]\n  did you mean `base`?',
  ],
  [
    '- {note: a, base: pod_exec, want: none}',
    '1:19: error: there is no base `pod_exec` [CASE_INVALID]\n  did you mean `pod-exec`?',
  ],
  ['- {note: a, event: {}, patch: {}, want: none}', '`patch` does not go with `event`'],
  ['- {note: a, event: [], want: none}', '1:20: error: an event is not a mapping'],
  ['- {note: a, events: [], want: none}', '`events` is not a list of events'],
  ['- {note: a, recording: a.jsonl, want: none}', 'a recording without `auditID`'],
  ['- {note: a, base: pod-exec, want: nothing}', '`want` is neither `none`'],
  [
    '- {note: a, base: pod-exec, want: []}',
    '1:35: error: `want` is an empty list [CASE_INVALID]\n  write `none` for no finding',
  ],
  [
    '- {note: a, base: pod-exec, want: [{}]}',
    '1:36: error: a wanted finding names no field [CASE_INVALID]',
  ],
  ['- {note: a, base: pod-exec, want: {count: 0}}', '`count` is not a whole number'],
  ['- {note: a, base: pod-exec, want: {cuont: 1}}', 'did you mean `count`?'],
  ['- {note: a, base: pod-exec, want: [{mesage: m}]}', 'a wanted finding has no key `mesage`'],
  ['- {note: a, base: pod-exec, want: [{user: {nmae: m}}]}', '`user` has no key `nmae`'],
  ['- {note: a, base: pod-exec, want: [{priority: Notise}]}', 'did you mean `Notice`?'],
]

/** Mistakes that a schema cannot see. */
const beyondSchema: readonly (readonly [text: string, error: string])[] = [
  [
    '- {note: a, base: pod-exec, data: {org: {netwroks: []}}, want: none}',
    '`org` has no key `netwroks`',
  ],
  [
    '- {note: a, base: pod-exec, want: none}\n- {note: a, base: pod-log, want: none}',
    '2:10: error: the note of line 1 again',
  ],
]

describe('case files', () => {
  test.each(sound)('are read: %s', (text) => {
    expect(read(text)).toMatchObject({ cases: [{ note: 'a' }], errors: [] })
  })

  test.each([...mistakes, ...beyondSchema])('are refused: %s', (text, error) => {
    const { cases, errors } = read(text)
    expect(cases).toEqual([])
    expect(errors.join('\n')).toContain(error)
  })

  test('keep what they say', () => {
    const [first] = read(
      '- note: a sentence\n  base: pod-exec\n  patch: {verb: create, annotations: null}\n  want:\n    - as text\n    - {priority: notice}',
    ).cases as { happens: { events: Record<string, unknown>[] }; want: unknown }[]
    expect(first!.want).toEqual({
      kind: 'list',
      findings: [{ message: 'as text' }, { priority: 'Notice' }],
    })
    const [event] = first!.happens.events
    expect(event).toMatchObject({ verb: 'create', objectRef: { subresource: 'exec' } })
    expect(event).not.toHaveProperty('annotations')
  })
})

describe('the JSON Schema of case files', () => {
  const validate = new Ajv({ allErrors: true }).compile(casesSchema())
  const isValid = (text: string): boolean =>
    validate(yamlValue(parseYaml({ file: 'a', text }).documents[0]!))

  test('is the one in docs/', async () => {
    const text = `${JSON.stringify(casesSchema(), undefined, 2)}\n`
    await expect(text).toMatchFileSnapshot(path.join(root, 'docs/cases.schema.json'))
  })

  test.each(sound)('accepts what Parapet accepts: %s', (text) => {
    expect(isValid(text), JSON.stringify(validate.errors)).toBe(true)
  })

  test.each(mistakes)('refuses what Parapet refuses: %s', (text) => {
    expect(isValid(text)).toBe(false)
  })

  test('accepts the case files of the pack', () => {
    const file = path.join(root, 'rego/guardrails/workloads/pod_exec/pod_exec.cases.yaml')
    expect(isValid(readFileSync(file, 'utf8')), JSON.stringify(validate.errors)).toBe(true)
  })
})
