import { describe, expect, test } from 'vitest'
import { readData } from '../../src/engine/data.ts'
import { mergeData } from '../../src/engine/merge-data.ts'
import { locate } from '../../src/text/diagnostic.ts'

function problems(text: string): string[] {
  const document = { file: 'org.yaml', text }
  return readData(document).diagnostics.map((diagnostic) => {
    const { line, column, message, help } = locate(diagnostic, [document])
    return `${line}:${column} ${message}${help ? ` (${help})` : ''}`
  })
}

describe('readData', () => {
  test('reads YAML and JSON', () => {
    const value = { org: { registries: ['registry.example.com'] }, other: 1 }
    const yaml = 'org:\n  registries: [registry.example.com]\nother: 1\n'
    expect(readData({ file: 'a.yaml', text: yaml }).value).toEqual(value)
    expect(readData({ file: 'a.json', text: JSON.stringify(value) }).value).toEqual(value)
  })

  test.each([
    ['org:\n  registry: []', '2:3 `org` has no key `registry` (did you mean `registries`?)'],
    ['org: {users: {knwon: []}}', '1:15 `org.users` has no key `knwon` (did you mean `known`?)'],
    ['org:\n  networks: 10.0.0.0/8', '2:13 `org.networks` must be a list of texts'],
    ['org:\n  hours: {days: Mon}', '2:17 `org.hours.days` must be a list of texts'],
    [
      'org: {networks: [10.0.0.0/8, 192.0.2.7]}',
      '1:30 `192.0.2.7` in `org.networks` is an address, not a network (write `192.0.2.7/32`)',
    ],
    [
      'org: {networks: ["2001:db8::1"]}',
      '1:18 `2001:db8::1` in `org.networks` is an address, not a network (write `2001:db8::1/128`)',
    ],
    ...['10.0.0.0/33', '10.0.0/8', '010.0.0.0/8', '::/129', '10.0.0.0/8/8', '::/08', 'office'].map(
      (text) => [
        `org: {networks: ["${text}"]}`,
        `1:18 \`${text}\` in \`org.networks\` is no network (a network is an address and the length of its prefix, \`10.0.0.0/8\`)`,
      ],
    ),
    [
      'org:\n  hours: {zone: Europe/Berlin}',
      '2:17 `Europe/Berlin` in `org.hours.zone` is no zone (a zone is an offset from UTC, `+01:00` or `Z`; policies know no names of zones)',
    ],
    [
      'org: {hours: {days: [Mon, Tuesday]}}',
      '1:27 `Tuesday` in `org.hours.days` is no day (days are Mon, Tue, Wed, Thu, Fri, Sat, Sun, written like this)',
    ],
    [
      'org: {hours: {from: "7:00", to: 25:00}}',
      '1:21 `7:00` in `org.hours.from` is no time (a time is HH:MM, `07:00` to `24:00`, in quotes)',
      '1:33 `25:00` in `org.hours.to` is no time (a time is HH:MM, `07:00` to `24:00`, in quotes)',
    ],
    ['org: {hours: {from: 7}}', '1:21 `7` in `org.hours.from` is no text (put it in quotes)'],
    [
      'org: {hours: {from: 22:00, to: 06:00}}',
      '1:32 `org.hours` ends at `06:00`, before it begins (hours lie within one day; give `to` a later time)',
    ],
    [
      'org: {users: {known: [1001]}}',
      '1:23 `1001` in `org.users.known` is no text (put it in quotes)',
    ],
    [
      'org:\n  exceptions:\n    drill:\n      guardrail: pod-exec\n      untill: 2027-01-01\n      match: {}',
      '4:7 `org.exceptions.drill` has no `until`',
      '4:7 `org.exceptions.drill` has no `reason`',
      '5:7 `org.exceptions.drill` has no key `untill` (did you mean `until`?)',
      '6:14 `org.exceptions.drill.match` is empty (known are user, as, verb, resource, namespace, name, uri)',
    ],
    ...['2026-02-30', '2026-12-31T24:00:00Z', '2026-12-31T08:00:00+01:00', 'tomorrow'].map(
      (text) => [
        `org: {exceptions: {a: {guardrail: b, until: "${text}", reason: c, match: {user: d}}}}`,
        `1:45 \`${text}\` in \`org.exceptions.a.until\` is no date or time (write \`2026-12-31\`, or in UTC \`2026-12-31T08:00:00Z\`; the exception ends when it begins)`,
      ],
    ),
    [
      'org: {exceptions: {a: {guardrail: b, until: 2027-01-01, reason: c, match: {user: "*", verb: 3}}}}',
      '1:82 `*` in `org.exceptions.a.match.user` says nothing (leave the key out where anything will do, or write null where there must be none)',
      '1:93 `3` in `org.exceptions.a.match.verb` is no text (put it in quotes)',
    ],
    ['org: {exceptions: []}', '1:19 `org.exceptions` must be a mapping'],
    ['- a', '1:1 data must be one mapping, such as `org: {registries: [registry.example.com]}`'],
  ])('%j', (text, ...wanted) => {
    expect(problems(text)).toEqual(wanted)
  })

  test('hours and networks of every sound form', () => {
    const sound = [
      ...['Z', 'UTC', '+00:00', '-11:30', '+14:00'].map((zone) => `hours: {zone: "${zone}"}`),
      'hours: {zone: Z, days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun], from: 00:00, to: 24:00}',
      'networks: [0.0.0.0/0, 10.1.2.3/8, "::/0", "2001:db8::/32", "::ffff:10.0.0.0/104"]',
      'networks: []',
    ]
    for (const text of sound) expect(problems(`org: {${text}}`)).toEqual([])
  })
})

describe('mergeData', () => {
  test('objects are merged, everything else is replaced', () => {
    const base = { org: { registries: ['a'], users: { known: ['x'], break_glass: [] } } }
    const overlay = { org: { registries: ['b'], users: { break_glass: ['root'] } } }
    expect(mergeData(base, overlay)).toEqual({
      org: { registries: ['b'], users: { known: ['x'], break_glass: ['root'] } },
    })
    expect(base.org.registries).toEqual(['a'])
  })

  test('a key named as an object method is a key', () => {
    expect(mergeData({}, JSON.parse('{"__proto__": {"a": 1}, "toString": 2}'))).not.toHaveProperty(
      'a',
    )
  })
})
