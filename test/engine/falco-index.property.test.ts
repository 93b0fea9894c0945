import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProvedEvent } from '../../src/audit/proved.ts'
import { EventSplitter } from '../../src/audit/split.ts'
import type { Match } from '../../src/engine/evaluator.ts'
import { FalcoEvaluator } from '../../src/engine/falco.ts'
import { Scan } from '../../src/engine/scan.ts'
import {
  type Compilation,
  loadRules,
  printCondition,
  type RuleMatching,
  Ruleset,
} from '../../src/falco/index.ts'
import { auditEvent, loadableCondition } from '../falco/generate-typed.ts'

class CountingEvaluator extends FalcoEvaluator {
  asked = 0

  override evaluate(event: ProvedEvent, parts?: readonly number[]): readonly Match[] {
    this.asked += parts?.length ?? this.rules.length
    return super.evaluate(event, parts)
  }
}

function load(rules: string): Compilation {
  return loadRules([{ file: 'r.yaml', text: rules }]).compilation!
}

function scan(
  compilation: Compilation,
  lines: readonly string[],
  options: { readonly index: boolean; readonly ruleMatching: RuleMatching },
): { readonly found: unknown; readonly asked: number } {
  const evaluator = new CountingEvaluator('r.yaml', new Ruleset(compilation, options))
  const found: unknown[] = []
  const core = new Scan(
    [evaluator],
    { dedupWindow: 0, redact: false, index: options.index },
    { finding: (finding) => found.push(finding), incomplete: (problem) => found.push(problem) },
  )
  const splitter = new EventSplitter(core.sink('log'), { file: 'log' })
  splitter.push(Buffer.from(`${lines.join('\n')}\n`))
  splitter.end()
  const { seconds: _, ...counts } = core.summary(0, 0)
  return { found: [found, counts], asked: evaluator.asked }
}

function rulesFile(conditions: readonly string[]): string {
  const rule = (condition: string, i: number): string =>
    `- rule: r${i}\n  desc: d\n  condition: ${JSON.stringify(condition)}\n  output: "%ka.verb %jevt.value[/user]"\n  priority: INFO\n  source: k8s_audit\n`
  return conditions.map(rule).join('')
}

/** Other spellings of values, and values that C reads otherwise than JSON. */
const respelled = fc.constantFrom<readonly [string, string]>(
  ['"get"', '"\\u0067et"'],
  ['"get"', '"get\\u0000x"'],
  ['"pods"', '"pods\\u0000"'],
  ['"exec"', '"ex\\u0000ec"'],
  ['"kube-system"', '"kube-system\\u0000"'],
  ['"a/b"', '"a\\/b"'],
  [':403', ':403.0'],
  [':403', ':4.03e2'],
  [':403', ': 403'],
  ['"é"', '"\\u00e9"'],
  ['"auditID"', '"auditId"'],
  ['"auditID":"id"', '"auditID":null'],
  ['"verb":', '"verb":"get","verb":'],
  ['"2026-11', '"11'],
  ['"stageTimestamp"', '"stage2"'],
  ['"/a/b/c"', '"/a?a=get"'],
)

const line = fc
  .tuple(auditEvent, fc.array(respelled, { maxLength: 3 }))
  .map(([event, changes]) =>
    changes.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(event)),
  )

/** What looks at parts of arrays, at several values at once, at the whole event, or at its time. */
const special = fc.constantFrom(
  'jevt.value[/user/groups] regex "\\\\[.*get.*"',
  'jevt.value[/user/groups/0] in (get, pods, 403)',
  'jevt.value[/objectRef/0/a] exists',
  'ka.uri.param[a] = get',
  'ka.user.name != val(ka.impuser.name)',
  'ka.verb = val(ka.target.resource)',
  'concat(ka.verb, ka.uri) contains get',
  'jevt.value[/user/username] = val(ka.user.name)',
  'ka.auditid exists',
  'jevt.value[/auditID] = id',
  'ka.target.pod.name exists',
  'evt.datetime contains 2026',
  'jevt.rawtime exists',
  'evt.hostname exists',
  'evt.source = val(evt.source)',
  'jevt.obj contains get',
)

const condition = fc.oneof(
  { weight: 3, arbitrary: loadableCondition.map(printCondition) },
  { weight: 2, arbitrary: special },
  special.map((text) => `not ${text}`),
  fc
    .tuple(special, fc.constantFrom('and', 'or', 'and not', 'or not'), special)
    .map((parts) => parts.join(' ')),
  fc
    .tuple(special, fc.constantFrom('and', 'or'), loadableCondition)
    .map(([text, how, other]) => `${text} ${how} (${printCondition(other)})`),
)

test('the index changes nothing about Falco rules, and saves work', { timeout: 300_000 }, () => {
  const asked = { with: 0, without: 0 }
  const property = fc.property(
    fc.array(condition, { minLength: 1, maxLength: 8 }),
    fc.array(line, { minLength: 1, maxLength: 12 }),
    fc.constantFrom<RuleMatching>('all', 'first'),
    (conditions, lines, ruleMatching) => {
      const rules = rulesFile(conditions)
      const compilation = load(rules)
      const want = scan(compilation, lines, { index: false, ruleMatching })
      const got = scan(compilation, lines, { index: true, ruleMatching })
      assert.deepEqual(got.found, want.found, rules)
      asked.with += got.asked
      asked.without += want.asked
    },
  )
  expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow()
  expect(asked.with / asked.without).toBeLessThan(0.8)
})

const BASE = {
  kind: 'Event',
  auditID: 'id',
  stage: 'ResponseComplete',
  stageTimestamp: '2026-11-24T10:00:00.000000Z',
}

test.each([
  ['ka.verb = get', '"verb":"get\\u0000x"', true],
  ['ka.verb != get', '"verb":"get\\u0000x"', false],
  ['not ka.verb in (get, list)', '"verb":"list\\u0000"', false],
  ['ka.user.groups intersects (a)', '"user":{"groups":["b","a\\u0000c"]}', true],
  ['not ka.user.groups intersects (a)', '"user":{"groups":["a\\u0000c"]}', false],
  ['ka.response.code = 403', '"responseStatus":{"code":403}', true],
  ['ka.response.code = 403', '"responseStatus":{"code":403.0}', false],
  ['ka.response.code != 403', '"responseStatus":{"code":403.0}', true],
  ['ka.response.code = 403.0', '"responseStatus":{"code":403.0}', true],
  ['ka.response.code = 4e2', '"responseStatus":{"code":4e2}', true],
  ['ka.verb = null', '"verb":null', true],
  ['ka.verb = "{}"', '"verb":{}', true],
  ['ka.verb startswith "[1"', '"verb":[1]', true],
  ['ka.verb = true', '"verb":true', true],
  ['ka.user.groups intersects (5)', '"user":{"groups":[5]}', true],
  ['not ka.user.groups exists', '"user":{"groups":{"a":1}}', true],
  ['not ka.user.groups exists', '"user":{"groups":[]}', true],
  ['not ka.verb = get', '"verb":"get","auditID2":1', false],
  ['jevt.value[/a/0/b] = x', '"a":[{"b":"x"}]', true],
  ['jevt.value[/a/0] = x', '"a":["x"]', true],
  ['jevt.value[/a/0] = x', '"a":{"0":"x"}', true],
  ['not jevt.value[/a/0] = x', '"a":{"0":"x"}', false],
  ['not jevt.value[/a/0] = x', '"a":["y","x"]', true],
  ['tolower(jevt.value[/a/1]) = x', '"a":{"1":"X"}', true],
  ['jevt.value[/a/1] startswith x', '"a":["y","xz"]', true],
  ['jevt.value[/a/1/b] = x', '"a":["y",{"b":"x"}]', true],
  ['jevt.value[/a/01] = x', '"a":["y","x"]', true],
  ['jevt.value[/é] = é', '"é":"\\u00e9"', true],
])('%s on %s: %s', (condition, members, matches) => {
  const line = `${JSON.stringify(BASE).slice(0, -1)},${members}}`
  for (const index of [true, false]) {
    const options = { index, ruleMatching: 'all' } as const
    const { found } = scan(load(rulesFile([condition])), [line, line], options)
    expect(found).toMatchObject([{}, { findings: matches ? 2 : 0 }])
  }
})

test('without an auditID no field of the plugin has a value', () => {
  const line = JSON.stringify({ ...BASE, auditID: undefined, verb: 'get' })
  for (const [condition, findings] of [
    ['ka.verb = get', 0],
    ['not ka.verb = get', 1],
    ['jevt.value[/verb] = get', 1],
  ] as const) {
    const options = { index: true, ruleMatching: 'all' } as const
    expect(scan(load(rulesFile([condition])), [line], options).found).toMatchObject([
      {},
      { findings },
    ])
  }
})

test('rules that count events are asked about each', () => {
  const lines = ['list', 'get', 'get'].map((verb) => JSON.stringify({ ...BASE, verb }))
  const rules = rulesFile(['ka.verb = get and evt.num = 2'])
  const { found } = scan(load(rules), lines, { index: true, ruleMatching: 'all' })
  expect(found).toMatchObject([[{ rule: 'r0', line: 2 }], { findings: 1 }])
})

test('large lists are told apart by the index', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `user-${i}`).join(', ')
  const rules = rulesFile([
    `ka.user.name in (${names})`,
    `not ka.user.groups intersects (${names}) and ka.user.groups exists`,
    'ka.verb = list',
  ])
  const event = (username: string, group: string): string =>
    JSON.stringify({ ...BASE, verb: 'get', user: { username, groups: [group] } })
  const lines = [
    event('user-19999', 'user-1'),
    event('nobody', 'user-19998\0x'),
    event('user-7\0x', 'user-20000'),
    event('user-20000', 'user-0'),
  ]
  const found = scan(load(rules), lines, { index: true, ruleMatching: 'all' })
  expect(found).toMatchObject({
    found: [
      [
        { rule: 'r0', line: 1 },
        { rule: 'r0', line: 3 },
        { rule: 'r1', line: 3 },
      ],
      { findings: 3 },
    ],
    asked: 3,
  })
})
