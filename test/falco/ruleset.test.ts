import { describe, expect, test } from 'vitest'
import { loadRules, Ruleset, type RuleMatch, type RulesetOptions } from '../../src/falco/index.ts'

const event = {
  kind: 'Event',
  auditID: 'a',
  stageTimestamp: '2026-11-24T10:00:00.123456Z',
  verb: 'create',
  user: { username: 'é', groups: ['dev', '', 'ops'] },
  objectRef: { name: 'web' },
}

function rule(name: string, condition: string, output = 'o'): string {
  return `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: ${JSON.stringify(output)}\n  priority: critical\n  source: k8s_audit\n  tags: [b, a]\n`
}

function ruleset(text: string, options: RulesetOptions = {}): Ruleset {
  const { compilation, diagnostics } = loadRules([{ file: 'r', text }])
  expect(diagnostics).toEqual([])
  return new Ruleset(compilation!, options)
}

function evaluate(
  text: string,
  events: readonly unknown[] = [event],
  options: RulesetOptions = {},
): readonly RuleMatch[] {
  const rules = ruleset(text, options)
  return events.flatMap((each) =>
    rules.evaluate(Buffer.from(typeof each === 'string' ? each : JSON.stringify(each))),
  )
}

test('a match has what an alert has', () => {
  expect(
    evaluate(
      rule('r', 'ka.verb=create', 'who=%ka.user.name what=%ka.nope'.replace('nope', 'verb')),
    ),
  ).toEqual([
    {
      rule: 'r',
      source: 'k8s_audit',
      priority: 'Critical',
      tags: ['a', 'b'],
      message: 'who=é what=create',
      output_fields: { 'ka.user.name': 'é', 'ka.verb': 'create' },
      time: '2026-11-24T10:00:00.123456000Z',
    },
  ])
})

test('a value is found among any number of others', () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `u${i}`)
  const events = [...names, 'other'].map((username) => ({ ...event, user: { username } }))
  const users = (condition: string) =>
    evaluate(rule('r', condition, '%ka.user.name'), events).map(({ message }) => message)
  expect(users(`ka.user.name in (${names.join(', ')})`)).toEqual(names)
  expect(users(`not ka.user.name in (${names.join(', ')})`)).toEqual(['other'])
})

test('rules match in the order of their first definition; disabled ones do not', () => {
  const text =
    rule('b', 'ka.verb exists') +
    rule('c', 'ka.verb=x') +
    rule('a', 'ka.verb=create') +
    rule('b', 'ka.verb=create')
  expect(evaluate(text).map((match) => match.rule)).toEqual(['b', 'a'])
  expect(evaluate(text, [event], { ruleMatching: 'first' }).map((match) => match.rule)).toEqual([
    'b',
  ])
  const off = text + '- rule: b\n  enabled: false\n  override: {enabled: replace}\n'
  expect(evaluate(off).map((match) => match.rule)).toEqual(['a'])
})

describe('which events count', () => {
  const matches = (each: unknown): boolean =>
    evaluate(rule('r', 'jevt.value[/verb] exists'), [each]).length > 0
  const { kind: _, ...withoutKind } = event
  const { stageTimestamp: __, ...withoutTime } = event
  const { auditID: ___, ...withoutId } = event

  test.each<[note: string, event: unknown, counts: boolean]>([
    ['an event', event, true],
    ['without auditID', withoutId, true],
    ['without kind, as in an EventList', withoutKind, true],
    ['another kind', { ...event, kind: 'Pod' }, false],
    ['a kind that is no text', { ...event, kind: 1 }, false],
    ['an escaped kind', JSON.stringify(event).replace('"Event"', '"\\u0045vent"'), true],
    ['without stageTimestamp', withoutTime, false],
    ['a stageTimestamp of another form', { ...event, stageTimestamp: 'yesterday' }, false],
    ['a stageTimestamp that is no text', { ...event, stageTimestamp: 5 }, false],
    [
      'a stageTimestamp in another zone',
      { ...event, stageTimestamp: '2026-11-24T12:00:00+02:00' },
      true,
    ],
    ['a stageTimestamp with an escape', JSON.stringify(event).replace('T10', '\\u005410'), true],
    [
      'a day that does not exist',
      { ...event, stageTimestamp: '2026-02-29T10:00:00.000000Z' },
      false,
    ],
    ['a name with an escape', JSON.stringify(event).replace('"verb"', '"ver\\u0062"'), true],
  ])('%s: %s', (_note, each, counts) => {
    expect(matches(each)).toBe(counts)
  })

  test('only they are numbered and timed', () => {
    const text = rule('r', 'evt.num exists', 'n=%evt.num r=%evt.reltime')
    const later = { ...event, stageTimestamp: '2026-11-24T10:00:01.123456Z' }
    const messages = evaluate(text, [event, withoutTime, { ...event, kind: 'Pod' }, later]).map(
      (match) => match.message,
    )
    expect(messages).toEqual(['n=1 r=000000000', 'n=2 r=1000000000'])
  })

  test('a field of the index that every event has twice', () => {
    const text = rule(
      'r',
      'jevt.value[/kind]=Event and ka.auditid=a and jevt.value[/stageTimestamp] exists',
    )
    expect(evaluate(text)).toHaveLength(1)
  })
})

describe('outputs', () => {
  const printed = (output: string, each: unknown = event): string | undefined =>
    evaluate(rule('r', 'jevt.value[/kind] exists', output), [each])[0]?.message
  const fields = (output: string): unknown =>
    evaluate(rule('r', 'ka.verb exists', output))[0]?.output_fields

  test.each<[output: string, message: string]>([
    ['%ka.verb', 'create'],
    ['%ka.verb.', 'create.'],
    ['%ka.verbs', 'creates'],
    ['%ka.user.name.x', 'é.x'],
    ['*%ka.verb', 'create'],
    ['**%ka.verb', '*create'],
    ['%3ka.verb|', 'cre|'],
    ['%8ka.verb|', 'create  |'],
    ['%1ka.user.name|', '\ufffd|'],
    ['%0ka.verb|', 'create|'],
    ['%ka.target.subresource', '<NA>'],
    ['%5ka.target.subresource|', '<NA> |'],
    ['%ka.user.groups', '(dev,,ops)'],
    ['%toupper(ka.verb)', 'CREATE'],
    ['%toupper(ka.user.groups)', '(DEV,,OPS)'],
    ['%len(ka.user.groups)', '3'],
    ['%len(ka.user.name)', '2'],
    ['%join("+", ka.user.groups)', 'dev++ops'],
    ['%concat(ka.verb, "-", ka.target.name)!', 'create-web!'],
    ['%len(concat(ka.verb, "x"))', '<NA>'],
    ['%len(evt.source)', '<NA>'],
    ['%jevt.value[/user/groups/0][1]', 'dev[1]'],
    ['%evt.time %evt.rawtime.ns %evt.is_async', '10:00:00.123456000 123456000 false'],
    ['a\nb', 'a\nb'],
  ])('%j', (output, message) => {
    expect(printed(output)).toBe(message)
  })

  test('the text of a list is cut, that of a scalar is not', () => {
    const long = 'x'.repeat(2000)
    const each = { ...event, verb: long, user: { groups: [long] } }
    expect(printed('%ka.verb', each)).toHaveLength(2000)
    expect(printed('%ka.user.groups', each)).toBe(`(${'x'.repeat(1022)}`)
  })

  test.each<[output: string, wanted: unknown]>([
    ['%ka.verb %ka.verb', { 'ka.verb': 'create' }],
    ['%ka.target.subresource', { 'ka.target.subresource': null }],
    ['%ka.user.groups', { 'ka.user.groups': ['dev', '', 'ops'] }],
    ['%tolower(ka.verb)', { 'ka.verb': 'create' }],
    ['%join("-", (ka.verb, ka.target.name))', { 'ka.verb': 'create', 'ka.target.name': 'web' }],
    ['%ka.uri.param["a=b"]', { 'ka.uri.param["a=b"]': null }],
    ['%ka.uri.param["a"]', { 'ka.uri.param[a]': null }],
    [
      '%evt.time %evt.rawtime %evt.is_async',
      {
        'evt.time': 1_795_514_400_123_456_000,
        'evt.rawtime': 1_795_514_400_123_456_000,
        'evt.is_async': false,
      },
    ],
  ])('fields of %j', (output, wanted) => {
    expect(fields(output)).toEqual(wanted)
  })

  test.each(['100% sure', '%', 'a %5', '%%', '%nope', '%proc.name', '%70000ka.verb'])(
    '%j is refused',
    (output) => {
      const { diagnostics } = loadRules([{ file: 'r', text: rule('r', 'ka.verb exists', output) }])
      expect(diagnostics[0]).toMatchObject({ code: 'LOAD_ERR_COMPILE_OUTPUT' })
    },
  )

  test('a field without the argument that it needs is a shorter one', () => {
    expect(printed('%ka.uri.param', { ...event, requestURI: '/x' })).toBe('/x.param')
  })
})

describe('NULs, as C sees them', () => {
  const transformed = (condition: string): boolean => evaluate(rule('r', condition)).length > 0
  test.each<[condition: string, matches: boolean]>([
    ['tolower(ka.verb) = create', true],
    ['tolower(ka.verb) in (create)', true],
    ['ka.verb in tolower(ka.verb)', false],
    ['ka.verb = tolower(ka.verb)', true],
    ['tolower(ka.user.groups) intersects (dev)', false],
    ['tolower(ka.user.groups) intersects tolower(ka.user.groups)', true],
    ['len(tolower(ka.verb)) = 6', true],
    ['join(tolower("X"), ka.user.groups) = dev', false],
    ['join(tolower("X"), ka.user.groups) = "devx"', true],
    ['join(",", len(ka.user.groups)) = x', false],
  ])('%s: %s', (condition, matches) => {
    expect(transformed(condition)).toBe(matches)
  })
})
