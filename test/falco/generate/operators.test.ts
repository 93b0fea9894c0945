import { describe, expect, test } from 'vitest'
import { bindData } from '../../../src/residual/bind.ts'
import { outcomeText } from '../../../src/falco/generate/index.ts'
import { holds } from '../../../src/residual/holds.ts'
import {
  type Atom,
  compare,
  type Conjunction,
  dataPath,
  elementPath,
  eventPath,
  type Json,
  not,
  type Path,
  type Place,
  type Residual,
  some,
  test as atom,
} from '../../../src/residual/residual.ts'
import { matcher } from '../../residual/matcher.ts'
import { conditionOf, reasonFor, ruleOf } from './one-rule.ts'

type Event = { readonly [name: string]: Json }

const name = eventPath('objectRef', 'name')
const user = eventPath('user', 'username')
const code = eventPath('responseStatus', 'code')
const named = (...names: string[]): Event[] => names.map((one) => ({ objectRef: { name: one } }))
const answered = (...codes: number[]): Event[] =>
  codes.map((one) => ({ responseStatus: { code: one } }))
/** Without the field, and without what it stands in. */
const absent: Event[] = [{}, { objectRef: {} }, { responseStatus: {} }]

const path = (operator: Atom['operator'], to: Json): Atom =>
  ({ kind: 'atom', path: name, operator, operand: { constant: to } }) as Atom

/** What Falco says, and events on which it must say the same as Rego: those without the field too. */
const cases: readonly [string, Conjunction, string, readonly Event[]][] = [
  ['equal', [path('equal', 'web')], 'ka.target.name = web', named('web', 'web-0', '')],
  ['equal to nothing', [path('equal', '')], 'ka.target.name = ""', named('web', '')],
  ['NOT equal', [not([path('equal', 'web')])], 'not ka.target.name = web', named('web', 'x')],
  ['notEqual', [path('notEqual', 'web')], 'ka.target.name != web', named('web', 'x', '')],
  [
    'NOT notEqual',
    [not([path('notEqual', 'web')])],
    'not ka.target.name != web',
    named('web', 'x'),
  ],
  ['in', [path('in', ['a', 'b c'])], 'ka.target.name in (a, "b c")', named('a', 'b c', 'c')],
  ['NOT in', [not([path('in', ['a', 'b'])])], 'not ka.target.name in (a, b)', named('a', 'c')],
  ['in one', [path('in', ['a'])], 'ka.target.name = a', named('a', 'c')],
  ['startsWith', [path('startsWith', 'web')], 'ka.target.name startswith web', named('web-0', 'x')],
  [
    'NOT startsWith, of what is there',
    [atom(name, 'defined'), not([path('startsWith', 'web')])],
    'ka.target.name exists and not ka.target.name startswith web',
    named('web-0', 'x'),
  ],
  ['endsWith', [path('endsWith', '-0')], 'ka.target.name endswith -0', named('web-0', 'x')],
  ['contains', [path('contains', 'eb')], 'ka.target.name contains eb', named('web-0', 'x')],
  ['defined', [atom(name, 'defined')], 'ka.target.name exists', named('web', '')],
  ['NOT defined', [not([atom(name, 'defined')])], 'not ka.target.name exists', named('web', '')],
  ['truthy, of a text', [atom(name, 'truthy')], 'ka.target.name exists', named('web', '', 'false')],
  [
    'truthy, of a boolean',
    [atom(eventPath('requestObject', 'spec', 'hostPID'), 'truthy')],
    'ka.req.pod.host_pid = true',
    [
      { requestObject: { spec: { hostPID: true } } },
      { requestObject: { spec: { hostPID: false } } },
    ],
  ],
  [
    'a pattern of one word',
    [path('regexMatch', '^web')],
    'ka.target.name startswith web',
    named('web', 'a web', 'we'),
  ],
  [
    'a pattern of a few words',
    [path('regexMatch', '-(a|b)$')],
    'ka.target.name endswith anyof (-a, -b)',
    named('x-a', 'x-b', 'x-ac', '-a'),
  ],
  [
    'a whole pattern',
    [path('regexMatch', '^(a|b)$')],
    'ka.target.name in (a, b)',
    named('a', 'b', 'ab'),
  ],
  [
    'a pattern that is more than words',
    [path('regexMatch', '^/(healthz|livez)([/?]|$)')],
    'ka.target.name regex "/(healthz|livez)([/?].*)?"',
    named('/healthz', '/healthz/etcd', '/livez?x', '/healthzz', 'x/livez'),
  ],
  [
    'a pattern with Perl’s classes',
    [path('regexMatch', String.raw`a\d+\.b`)],
    'ka.target.name regex .*a[0-9]+[.]b.*',
    named('xa1.by', 'a.b', 'a12xb'),
  ],
  ['a number', [compare(code, 'equal', 403)], 'ka.response.code = 403', answered(403, 404, 4030)],
  [
    'greaterOrEqual',
    [compare(code, 'greaterOrEqual', 400)],
    'ka.response.code regex "[4-9][0-9]{2}|[1-9][0-9]{3,}"',
    answered(0, 40, 399, 400, 499, 500, 999, 1000, 4000),
  ],
  [
    'less',
    [compare(code, 'less', 400)],
    'ka.response.code exists and not ka.response.code regex "[4-9][0-9]{2}|[1-9][0-9]{3,}"',
    answered(0, 40, 399, 400, 1000),
  ],
  [
    'NOT greaterOrEqual',
    [not([compare(code, 'greaterOrEqual', 400)])],
    'not ka.response.code regex "[4-9][0-9]{2}|[1-9][0-9]{3,}"',
    answered(399, 400),
  ],
  [
    'another field',
    [{ kind: 'atom', path: user, operator: 'equal', operand: { path: name } }],
    'ka.user.name = val(ka.target.name)',
    [
      ...named('a'),
      { user: { username: 'a' } },
      { user: { username: 'a' }, objectRef: { name: 'a' } },
    ],
  ],
  [
    'a text made of fields',
    [
      {
        kind: 'atom',
        path: user,
        operator: 'equal',
        operand: { concat: [{ constant: 'system:' }, { path: name }] },
      },
    ],
    'ka.user.name = concat("system:", ka.target.name)',
    [
      ...named('a'),
      { user: { username: 'system:a' } },
      { user: { username: 'system:a' }, objectRef: { name: 'a' } },
    ],
  ],
  [
    'an element of a list field',
    [some(eventPath('user', 'groups'), [compare(elementPath(1), 'in', ['a', 'b'])])],
    'ka.user.groups intersects (a, b)',
    [{ user: { groups: ['x', 'a'] } }, { user: { groups: ['x'] } }, { user: { groups: [] } }],
  ],
  [
    'a value without a field of its own',
    [compare(eventPath('objectRef', 'apiGroup'), 'equal', 'apps')],
    'jevt.value[/objectRef/apiGroup] = apps',
    [{ objectRef: { apiGroup: 'apps' } }, { objectRef: { apiGroup: '' } }],
  ],
]

describe('operators', () => {
  test.each(cases)('%s', (_name, conjunction, condition, events) => {
    expect(conditionOf([conjunction])).toBe(condition)
    const { fires, outcome } = ruleOf([conjunction])
    expect(outcome.kind).toBe('exact')
    for (const event of [...absent, ...events]) {
      const wanted = holds([conjunction], event, matcher) === 'yes'
      expect(fires(event), JSON.stringify(event)).toBe(wanted)
    }
  })
})

describe('data is lists', () => {
  const data = { org: { users: { known: ['*@example.com'] }, namespaces: ['kube-system', 'x'] } }
  const namespaces = dataPath('org', 'namespaces')

  test('membership', () => {
    const isMember = {
      kind: 'atom',
      path: name,
      operator: 'in',
      operand: { path: namespaces },
    } as const
    const { text } = ruleOf([[isMember]], { data })
    expect(text).toContain('- list: parapet_org_namespaces\n  items: [kube-system, x]')
    expect(conditionOf([[isMember]], { data })).toBe('ka.target.name in (parapet_org_namespaces)')
  })

  test('an element between two texts', () => {
    const operand = {
      concat: [{ constant: 'account:' }, { path: elementPath(1) }, { constant: ':' }],
    }
    const literal = some(namespaces, [
      { kind: 'atom', path: user, operator: 'startsWith', operand },
    ])
    const { text, fires } = ruleOf([[literal]], { data })
    expect(text).toContain('items: ["account:kube-system:", "account:x:"]')
    expect(fires({ user: { username: 'account:x:web' } })).toBe(true)
    expect(fires({ user: { username: 'account:xy:web' } })).toBe(false)
  })

  test('patterns, and whether there are any', () => {
    const known = dataPath('org', 'users', 'known')
    const glob: Atom = {
      kind: 'atom',
      path: user,
      operator: 'globMatch',
      operand: { path: elementPath(1) },
      delimiters: null,
    }
    const residual = [[some(known, []), not([some(known, [glob])])]]
    const filled = ruleOf(residual, { data })
    expect(filled.fires({ user: { username: 'a@example.com' } })).toBe(false)
    expect(filled.fires({ user: { username: 'a@example.net' } })).toBe(true)
    const empty = ruleOf(residual, { data: { org: { users: { known: [] } } } })
    expect(empty.fires({ user: { username: 'a@example.net' } })).toBe(false)
  })

  const withElement = (operator: Atom['operator'], before: string, after: string): Atom =>
    ({
      kind: 'atom',
      path: user,
      operator,
      operand: { concat: [{ constant: before }, { path: elementPath(1) }, { constant: after }] },
    }) as Atom
  const isText: Atom = { kind: 'atom', path: elementPath(1), operator: 'type', type: 'string' }
  const isNamed: Atom = { kind: 'atom', path: user, operator: 'in', operand: { path: namespaces } }
  const groups = eventPath('user', 'groups')
  const groupNamed: Atom = {
    kind: 'atom',
    path: elementPath(1),
    operator: 'in',
    operand: { path: namespaces },
  }
  const groupIsElement: Atom = {
    kind: 'atom',
    path: elementPath(2),
    operator: 'equal',
    operand: { path: elementPath(1) },
  }
  const there = [atom(namespaces, 'defined'), atom(user, 'defined')]

  test.each<[string, Conjunction]>([
    ['is not among', [...there, not([isNamed])]],
    ['is there', [compare(user, 'equal', 'x'), atom(namespaces, 'truthy')]],
    ['an element that is a text', [some(namespaces, [isText, withElement('equal', 'a:', ':b')])]],
    [
      'no element is a beginning',
      [
        not([
          some(namespaces, [
            not([atom(user, 'defined'), not([withElement('startsWith', '', '')])]),
          ]),
        ]),
      ],
    ],
    [
      'every element is another',
      [not([some(namespaces, [isText, not([withElement('notEqual', '', '')])])])],
    ],
    ['is empty', [compare(namespaces, 'equal', [])]],
    ['a group is among', [some(groups, [groupNamed])]],
    ['a group is not among', [some(groups, [not([groupNamed])])]],
    [
      'no group is another',
      [
        atom(groups, 'defined'),
        not([some(groups, [not([atom(namespaces, 'defined'), groupNamed])])]),
      ],
    ],
    [
      'no group is among, one by one',
      [
        not([
          some(
            groups,
            [some(namespaces, [groupIsElement])],
            [compare(elementPath(1), 'equal', 'y')],
          ),
        ]),
      ],
    ],
    ['is not empty', [compare(namespaces, 'notEqual', []), atom(user, 'defined')]],
    [
      'two lists whose names would be the same',
      [
        some(namespaces, [withElement('equal', 'a:', '')]),
        not([some(namespaces, [withElement('equal', 'b:a:', '')])]),
      ],
    ],
  ])('%s: a list that is empty by default, and overridden, counts', (_name, conjunction) => {
    const events = [
      {},
      ...['', 'x', 'y', 'a:x:b', 'a:x', 'b:a:x'].map((username) => ({ user: { username } })),
      ...[[], ['x'], ['z', 'x'], ['x', 'y']].map((names) => ({ user: { groups: names } })),
    ]
    const given = { data: { org: { namespaces: [] } } }
    const { outcome, lists } = ruleOf([conjunction], given)
    expect(outcome).toMatchObject({ kind: 'exact', fixed: [] })
    for (const items of [[], ['x'], ['y', 'x']]) {
      const overrides = lists.map(({ name: list, prefix, suffix }) => {
        const values = items.map((item) => JSON.stringify(`${prefix}${item}${suffix}`))
        return `- list: ${list}\n  items: [${values.join(', ')}]\n`
      })
      const { fires } = ruleOf([conjunction], { ...given, overrides: overrides.join('') })
      const residual = bindData([conjunction], { org: { namespaces: items } })
      for (const event of events) {
        const wanted = holds(residual, event, matcher) === 'yes'
        expect(fires(event), `${JSON.stringify(event)} ${JSON.stringify(items)}`).toBe(wanted)
      }
    }
  })

  test('only what no list can stand for stays as it is', () => {
    const first: Atom = {
      kind: 'atom',
      path: name,
      operator: 'equal',
      operand: { path: dataPath('org', 'namespaces', 0) },
    }
    const { outcome, text } = ruleOf([[...there, not([isNamed]), first]], { data })
    expect(outcome).toMatchObject({ fixed: [{ path: 'data.org.namespaces[0]' }] })
    expect(text).toContain('not ka.user.name in (parapet_org_namespaces)')
    expect(text).toContain('ka.target.name = kube-system')
  })

  test('what holds for every event with the data at hand says so', () => {
    const networks = some(dataPath('org', 'networks'), [])
    const isOne = compare(dataPath('org', 'one'), 'equal', 1)
    const residual = [[not([networks, isOne])]]
    const { outcome } = ruleOf(residual, { data: { org: { networks: [], one: 2 } } })
    expect(outcomeText(outcome)).toBe(
      'one: cannot be expressed: it holds for every event with data.org.one as the policy has it',
    )
  })

  test('networks stay as they are, and that is said', () => {
    const inside: Atom = {
      kind: 'atom',
      path: elementPath(1),
      operator: 'cidrContains',
      operand: { path: elementPath(2) },
    }
    const networks = some(dataPath('org', 'networks'), [inside])
    const residual = [[some(eventPath('sourceIPs'), [not([networks])])]]
    const { outcome, fires } = ruleOf(residual, { data: { org: { networks: ['10.0.0.0/8'] } } })
    expect(outcome).toMatchObject({
      kind: 'exact',
      fixed: [{ path: 'data.org.networks' }],
    })
    expect(fires({ sourceIPs: ['10.1.2.3'] })).toBe(false)
    expect(fires({ sourceIPs: ['10.1.2.3', '192.0.2.1'] })).toBe(true)
    expect(fires({ sourceIPs: [] })).toBe(false)
    expect(fires({})).toBe(false)
  })

  test('a guardrail that finds nothing with the data at hand is off', () => {
    const zone = atom(dataPath('org', 'hours', 'zone'), 'truthy')
    const { outcome } = ruleOf([[zone, path('equal', 'a')]], { data: { org: {} } })
    expect(outcome).toMatchObject({
      kind: 'off',
      fixed: [{ path: 'data.org.hours.zone', lack: 'absent' }],
    })
  })
})

describe('shared rules are macros', () => {
  const isAnswered = not([compare(eventPath('stage'), 'equal', 'RequestReceived')])
  const isPerson = not([compare(user, 'startsWith', 'system:')])
  const shared = [
    { name: 'is_answered', residual: [[isAnswered]] },
    { name: 'is_robot', residual: [[compare(user, 'startsWith', 'system:')]] },
    { name: 'is_answered_person', residual: [[isAnswered, isPerson]] },
  ]

  test('the largest first, each behind what it uses', () => {
    const { text } = ruleOf([[path('equal', 'a'), isPerson, isAnswered]], { shared })
    expect(text).toContain('condition: parapet_answered_person and ka.target.name = a')
    expect(text).toContain('condition: parapet_answered and not parapet_robot')
    const order = ['parapet_answered\n', 'parapet_robot\n', 'parapet_answered_person\n']
    const places = order.map((macro) => text.indexOf(`- macro: ${macro}`))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(Math.min(...places)).toBeGreaterThan(0)
  })

  test('rules that would be called alike are not', () => {
    const startsWith = (text: string): Residual => [[path('startsWith', text), isAnswered]]
    const alike = ['is_in_lab', 'in_lab', 'in_lab', 'is_in_lab'].map((rule, i) => ({
      name: rule,
      residual: startsWith(String(i)),
    }))
    const used = alike.map(({ residual }) => not(...residual))
    const { text } = ruleOf([used], { shared: alike })
    const macros = [...text.matchAll(/- macro: (\S+)\n {2}condition: .*startswith (\d)/g)]
    expect(macros.map(([, macro, of]) => [macro, of])).toEqual([
      ['parapet_in_lab', '0'],
      ['parapet_in_lab_2', '1'],
      ['parapet_in_lab_3', '2'],
      ['parapet_is_in_lab', '3'],
    ])
  })

  test('whoever uses one takes for granted what it does, also if it was made for an attempt', () => {
    const replicas = compare(eventPath('requestObject', 'spec', 'replicas'), 'equal', 3)
    const odd = { kind: 'opaque', reads: [name], text: 'odd' } as const
    const residual = [
      [path('equal', 'a'), replicas, isAnswered],
      [path('equal', 'b'), odd],
    ]
    const { outcome, text } = ruleOf(residual, {
      mode: { mode: 'widen' },
      shared: [{ name: 'is_large', residual: [[replicas, isAnswered]] }],
    })
    expect(text).toContain('parapet_large')
    expect(outcome.assumed).toEqual(['input.requestObject.spec.replicas is a number'])
  })

  test('those that no rule uses are not there', () => {
    const { text } = ruleOf([[path('equal', 'a')]], { shared })
    expect(text).not.toContain('macro')
  })
})

describe('what Falco cannot say', () => {
  const opaque = {
    kind: 'opaque',
    reads: [name],
    text: 'f(input.objectRef.name)',
    location: { file: 'rego/a.rego', row: 7, column: 2 },
  } as const
  const opaqueResidual = [[path('equal', 'a'), opaque]]

  test('is refused, with the line of Rego', () => {
    expect(ruleOf(opaqueResidual).outcome).toMatchObject({
      kind: 'refused',
      losses: [{ reason: '`f(input.objectRef.name)`', place: { file: 'rego/a.rego', row: 7 } }],
    })
  })

  test('is refused with all that is lost: what is not understood first, and alone in its line', () => {
    const at = (row: number): { location: Place } => ({
      location: { file: 'a.rego', row, column: 2 },
    })
    const replicas = eventPath('requestObject', 'spec', 'replicas')
    const isNumber = { kind: 'atom', path: replicas, operator: 'type', type: 'number' } as const
    const list = some(eventPath('requestObject', 'spec', 'list'), [])
    const residual = [
      [
        { ...compare(name, 'less', 'b'), ...at(5) },
        { ...isNumber, ...at(7) },
        opaque,
        // Put together, as the parts of something that was written in one place.
        { kind: 'any', residual: [[list], [compare(name, 'equal', 'a')]], ...at(9) } as const,
      ],
    ]
    expect(outcomeText(ruleOf(residual).outcome)).toBe(
      'one: cannot be expressed: `f(input.objectRef.name)` (rego/a.rego:7); ' +
        'an order of texts (a.rego:5); whether `input.requestObject.spec.replicas` is of type number (a.rego:7); ' +
        'whether something of no known type is empty (a.rego:9)',
    )
    const inOneLine = [[{ ...isNumber, location: opaque.location }, opaque]]
    expect(outcomeText(ruleOf(inOneLine).outcome)).toBe(
      'one: cannot be expressed: `f(input.objectRef.name)` (rego/a.rego:7)',
    )
  })

  test('is left out where METADATA says so: above a `not` and below it', () => {
    const mode = { mode: 'widen', reason: 'Because.' } as const
    const { outcome, text, fires } = ruleOf(opaqueResidual, { mode })
    expect(outcome.kind).toBe('widened')
    expect(text).toContain('desc: "One. Wider than the guardrail: Because."')
    expect(text).toContain('parapet_widened')
    expect(fires({ objectRef: { name: 'a' } })).toBe(true)
    const below = [[path('equal', 'a'), not([path('endsWith', 'a'), opaque])]]
    expect(ruleOf(below, { mode }).fires({ objectRef: { name: 'a' } })).toBe(true)
  })

  test('is not wished for', () => {
    const none = ruleOf(opaqueResidual, { mode: { mode: 'none', reason: 'Because.' } })
    expect(none.text).toContain('#   one: Because.')
    const manual = ruleOf(opaqueResidual, { mode: { mode: 'manual', rule: 'Mine' } })
    expect(manual.text).toContain('#   one: the rule `Mine` is written by hand')
  })

  test.each<[string, Conjunction, string]>([
    ['a long constant', [path('equal', 'x'.repeat(256))], 'a constant of more than 255 bytes'],
    ['a pattern of Perl', [path('regexMatch', '(?i)a')], 'the pattern `(?i)a` has no counterpart'],
    ['an order of texts', [path('less', 'b')], 'an order of texts'],
    [
      'null, where a text may be',
      [compare(eventPath('requestObject', 'spec', 'x'), 'equal', null)],
      'null, which has the same text as the string `null`',
    ],
    [
      'two conditions on an element of an array that holds objects',
      [
        some(eventPath('requestObject', 'spec', 'containers'), [
          compare(elementPath(1, 'name'), 'equal', 'a'),
          compare(elementPath(1, 'image'), 'equal', 'b'),
        ]),
      ],
      '2 conditions on one element',
    ],
  ])('%s', (_name, conjunction, reason) => {
    expect(reasonFor([conjunction])).toContain(reason)
  })
})

describe('elements of what is no list field', () => {
  const labels = eventPath('requestObject', 'metadata', 'labels')
  const containers = eventPath('requestObject', 'spec', 'containers')
  const labelled = (given: Json): Event => ({ requestObject: { metadata: { labels: given } } })
  const key: Path = { from: { key: 1 }, steps: [] }

  test.each<[string, Path, Conjunction, string, readonly Event[]]>([
    [
      'a label by its name and value',
      labels,
      [compare(key, 'equal', 'app'), compare(elementPath(1), 'equal', 'x')],
      'jevt.value[/requestObject/metadata/labels/app] = x',
      [labelled({ app: 'x' }), labelled({ 'a"app': 'x' }), labelled({ app: 'y', b: 'x' })],
    ],
    [
      'any label',
      labels,
      [compare(elementPath(1), 'equal', 'x')],
      String.raw`jevt.value[/requestObject/metadata/labels] regex '\\{([^{}"\\\\]|"([^"\\\\]|\\\\.)*")*:"x".*'`,
      [labelled({ app: 'x' }), labelled({ x: 'y' }), labelled({ a: 'y', b: 'x' }), labelled({})],
    ],
    [
      'an annotation of the event',
      eventPath('annotations'),
      [compare(elementPath(1), 'startsWith', 'x')],
      String.raw`jevt.value[/annotations] regex '\\{([^{}"\\\\]|"([^"\\\\]|\\\\.)*")*:"x.*'`,
      [{ annotations: { a: 'xy' } }, { annotations: { x: 'a' } }, { annotations: {} }],
    ],
    [
      'what a text in a container begins with',
      containers,
      [compare(elementPath(1, 'image'), 'startsWith', 'alpine')],
      `jevt.value[/requestObject/spec/containers] contains '"image":"alpine'`,
      [
        { requestObject: { spec: { containers: [{ image: 'alpine:3' }] } } },
        { requestObject: { spec: { containers: [{ image: 'x' }, { name: 'alpine' }] } } },
      ],
    ],
  ])('%s', (_name, path, conjunction, condition, events) => {
    const residual = [[some(path, conjunction)]]
    expect(conditionOf(residual)).toBe(condition)
    const { fires, outcome } = ruleOf(residual)
    expect(outcome).toMatchObject({ kind: 'exact', assumed: [] })
    for (const event of [...absent, ...events])
      expect(fires(event), JSON.stringify(event)).toBe(holds(residual, event, matcher) === 'yes')
  })

  test('where nothing is known of the path, that is said', () => {
    const ranges = eventPath('requestObject', 'spec', 'loadBalancerSourceRanges')
    const { outcome, fires } = ruleOf([[some(ranges, [compare(elementPath(1), 'equal', 'x')])]])
    const assumed = [
      'input.requestObject.spec.loadBalancerSourceRanges is an array or an object of strings',
    ]
    expect(outcome).toMatchObject({ kind: 'exact', assumed })
    const withRanges = (given: Json): Event => ({
      requestObject: { spec: { loadBalancerSourceRanges: given } },
    })
    expect(fires(withRanges(['y', 'x']))).toBe(true)
    expect(fires(withRanges(['y']))).toBe(false)
    expect(fires(withRanges({ a: 'y', b: 'x' }))).toBe(true)
    expect(fires(withRanges({ x: 'y' }))).toBe(false)
  })

  test('elements that are no texts are refused', () => {
    const flags = eventPath('requestObject', 'spec', 'flags')
    const residual = [[some(flags, [compare(elementPath(1), 'equal', true)])]]
    expect(reasonFor(residual)).toBe('an element of what may hold other things than strings')
  })
})

describe('fields of no known type', () => {
  const replicas = eventPath('requestObject', 'spec', 'replicas')

  test.each<[string, Conjunction, string[]]>([
    [
      'a number',
      [compare(replicas, 'equal', 3)],
      ['input.requestObject.spec.replicas is a number'],
    ],
    ['a word', [compare(replicas, 'equal', 'three')], []],
    [
      'a text that may be another type',
      [compare(replicas, 'in', ['3', 'x'])],
      ['input.requestObject.spec.replicas is a string'],
    ],
    [
      'a beginning',
      [compare(replicas, 'startsWith', 'a')],
      ['input.requestObject.spec.replicas is a string'],
    ],
  ])('%s', (_name, conjunction, assumed) => {
    const { outcome, text } = ruleOf([conjunction])
    expect(outcome).toMatchObject({ kind: 'exact', assumed })
    if (assumed.length > 0)
      expect(text).toContain(`# The guardrail’s counterpart if ${assumed[0]}.`)
  })

  test('values of two types with one text are refused', () => {
    expect(reasonFor([[compare(replicas, 'in', [1, '2'])]])).toBe(
      'number and string, of which texts are alike',
    )
  })
})
