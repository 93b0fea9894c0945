import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Scanner } from '../../src/audit/scanner/scanner.ts'
import { EventIndex, type Indexed } from '../../src/rego/event-index.ts'
import { matchAtom } from '../../src/rego/match-atom.ts'
import { holds } from '../../src/residual/holds.ts'
import {
  compare,
  elementPath,
  eventPath,
  type Json,
  not,
  type Opaque,
  type Residual,
  some,
  test as unary,
  type ValueTest,
} from '../../src/residual/residual.ts'
import { indexedEvent, residual, spelling } from './index-cases.ts'

/** The rules that an index leaves over for each of some events' texts; null for a line in doubt. */
function leftOver(
  residuals: readonly (Residual | undefined)[],
  texts: readonly string[],
): (readonly number[] | null)[] {
  const rules = residuals.map((item) => ({ residual: item }))
  return scanning(rules)(texts)
}

/** The same for one text after the other. */
function scanning(
  rules: readonly Indexed[],
): (texts: readonly string[]) => (readonly number[] | null)[] {
  const index = new EventIndex(rules, matchAtom)
  const scanner = new Scanner(index)
  return (texts) => scan(index, scanner, texts)
}

function scan(
  index: EventIndex,
  scanner: Scanner,
  texts: readonly string[],
): (readonly number[] | null)[] {
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''))
  const found: (readonly number[] | null)[] = texts.map(() => [])
  scanner.scan(bytes, 0, bytes.length, {
    candidate({ line, answer, spans }) {
      found[line] = index.candidates(answer, spans)
    },
    settle() {},
    doubt(_start, _end, line) {
      found[line] = null
      return true
    },
  })
  return found
}

const event = (members: Record<string, Json>): string =>
  JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...members })

describe('the index', () => {
  test('never rules out a rule that may hold (generated residuals and events)', () => {
    const cases = fc.tuple(
      fc.array(residual, { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(indexedEvent, spelling), { minLength: 1, maxLength: 30 }),
    )
    let ruledOut = 0
    let might = 0
    fc.assert(
      fc.property(cases, ([residuals, events]) => {
        const texts = events.map(([members, spell]) => spell(JSON.stringify(members)))
        const found = leftOver(residuals, texts)
        texts.forEach((text, line) => {
          const rules = found[line]
          if (!rules) return
          residuals.forEach((item, rule) => {
            const answer = holds(item, JSON.parse(text) as Json, matchAtom)
            if (answer === 'no') {
              might++
              if (!rules.includes(rule)) ruledOut++
            } else if (!rules.includes(rule)) {
              throw new Error(`rule ${rule} holds (${answer}) for ${text} and is ruled out`)
            }
          })
        })
      }),
      { numRuns: 2000 },
    )
    // A property that is true of an index that rules nothing out must not be all there is.
    expect(ruledOut / might).toBeGreaterThan(0.8)
  })

  const pods: Residual = [[compare(eventPath('objectRef', 'resource'), 'equal', 'pods')]]
  const elsewhere: Residual = [
    [
      some(eventPath('sourceIPs'), [
        unary(elementPath(1), 'defined'),
        not([compare(elementPath(1), 'startsWith', '10.')]),
      ]),
    ],
  ]
  const outside: Residual = [
    [
      some(eventPath('sourceIPs'), [
        not(
          [compare(elementPath(1), 'cidrContains', '10.0.0.0/8')],
          [compare(elementPath(1), 'cidrContains', 'fc00::/7')],
        ),
      ]),
    ],
  ]
  const failed: Residual = [[compare(eventPath('responseStatus', 'code'), 'greaterOrEqual', 400)]]

  test('says which rules are left', () => {
    const found = leftOver(
      [pods, elsewhere, failed, undefined],
      [
        event({ objectRef: { resource: 'pods' }, sourceIPs: ['10.1.2.3'] }),
        event({ objectRef: { resource: 'podsx' }, sourceIPs: ['10.1.2.3', '192.0.2.1'] }),
        event({ responseStatus: { code: 403 }, sourceIPs: [] }),
        event({ responseStatus: { code: '403' } }),
        event({}),
      ],
    )
    expect(found).toEqual([[0, 3], [1, 3], [2, 3], [2, 3], [3]])
  })

  test('networks', () => {
    const addresses = ['10.255.0.1', '11.0.0.1', 'fd00::1', '2001:db8::1', '::ffff:10.0.0.1', 'x']
    const found = leftOver(
      [outside],
      addresses.map((address) => event({ sourceIPs: [address] })),
    )
    // What Go and WASM read differently, and what is no address, is left to OPA.
    expect(found).toEqual([[], [0], [], [0], [0], [0]])
  })

  test('spellings of the same text', () => {
    const found = leftOver(
      [pods],
      ['pods', 'p\\u006fds', '\\u0070ods', 'pods\\u0000', 'pod\\u0073', 'pod\\/s'].map((text) =>
        event({ objectRef: { resource: 'X' } }).replace('X', text),
      ),
    )
    expect(found).toEqual([[0], [0], [0], [], [0], []])
  })

  test('numbers that a double cannot tell apart are left over', () => {
    const rules: Residual[] = [
      [[compare(eventPath('n'), 'equal', 9007199254740992)]],
      [
        [
          unary(eventPath('n'), 'defined'),
          not([compare(eventPath('n'), 'equal', 9007199254740992)]),
        ],
      ],
    ]
    const found = leftOver(
      rules,
      ['9007199254740993', '9007199254740992', '1', '1.0', '100e-2'].map((number) =>
        event({}).replace('}', `,"n":${number}}`),
      ),
    )
    expect(found).toEqual([[0, 1], [0, 1], [1], [1], null])
  })

  test('values of ever new kinds: everything that is too much is left over, nothing is lost', () => {
    const rules = Array.from({ length: 300 }, (_, i): Residual => [
      [compare(eventPath('a'), 'equal', `v${i}`), compare(eventPath('b'), 'endsWith', `w${i}`)],
    ])
    const texts = Array.from({ length: 20_000 }, (_, i) =>
      event({ a: `v${i % 400}`, b: `x${i}w${i % 7 === 0 ? i % 400 : i}` }),
    )
    const found = leftOver(rules, texts)
    texts.forEach((_, i) => {
      const rule = i % 400
      const matches = rule < 300 && (i % 7 === 0 || `x${i}w${i}`.endsWith(`w${rule}`))
      expect(found[i]).toEqual(matches ? [rule] : [])
    })
  })

  test('what looks at values that do not come again is asked last, and decides the same', () => {
    const path = eventPath('requestURI')
    const opaque: Opaque = { kind: 'opaque', reads: [path], text: 'ends with 7' }
    let asked = 0
    const isSeven: ValueTest = {
      holds(json) {
        asked++
        return json.at(-2) === 0x37
      },
    }
    const scanned = scanning([
      { residual: [[opaque]], valueTest: () => isSeven },
      { residual: [[unary(path, 'defined'), not([compare(path, 'endsWith', '7')])]] },
      { residual: [[opaque]] },
      { residual: pods },
    ])
    const texts = Array.from({ length: 110_000 }, (_, i) => event({ requestURI: `/api/${i}` }))
    const check = (found: readonly (readonly number[] | null)[]): void =>
      found.forEach((left, i) => {
        if (i % 97 === 0) expect(left).toEqual(i % 10 === 7 ? [0, 2] : [1, 2])
      })
    check(scanned(texts))
    const before = asked
    check(scanned(texts.slice(0, 1000)))
    expect(asked - before).toBe(1000)
    expect(scanned([event({ objectRef: { resource: 'pods' } })])).toEqual([[2, 3]])
  })

  const user = eventPath('user', 'username')
  const groups = eventPath('user', 'groups')

  test('lists of 100,000 texts', () => {
    const list = Array.from({ length: 100_000 }, (_, i) => `name-${i * 7}`)
    const rules: Residual[] = [
      [[compare(user, 'in', list)]],
      [[unary(user, 'defined'), not([compare(user, 'in', list)])]],
      [[some(groups, [compare(elementPath(1), 'in', list)])]],
      [[some(groups, [not([compare(elementPath(1), 'in', list)])])]],
    ]
    const of = (username: string, ...members: string[]): string =>
      event({ user: { username, groups: members } })
    const found = leftOver(rules, [
      of('name-0', 'name-7', 'name-699993'),
      of('name-1', 'name-8'),
      of('name-', 'name-7', 'name-77777777'),
      of('name-6999930'),
      of('name-14', 'name-3').replaceAll('name-', 'n\\u0061me-'),
    ])
    expect(found).toEqual([[0, 2], [1, 3], [1, 2, 3], [1], [0, 3]])
  })

  test('10,000 rules, each about a user and a group of its own', () => {
    const rules = Array.from({ length: 10_000 }, (_, i): Residual => [
      [
        compare(user, 'equal', `user-${i}`),
        some(groups, [compare(elementPath(1), 'startsWith', `team-${i}:`)]),
      ],
    ])
    const texts = Array.from({ length: 300 }, (_, i) => {
      const team = i % 3 === 0 ? i * 40 : i
      return event({ user: { username: `user-${i * 40}`, groups: ['all', `team-${team}:dev`] } })
    })
    const found = leftOver(rules, texts)
    found.forEach((left, i) => {
      expect(left).toEqual(i % 3 === 0 && i * 40 < 10_000 ? [i * 40] : [])
    })
  })

  test('lists that are too large for tables are still compared', () => {
    const tail = 'x'.repeat(300)
    const list = Array.from({ length: 120_000 }, (_, i) => `${i}-${tail}`)
    const rules: Residual[] = [
      [[compare(user, 'in', list)]],
      [[unary(user, 'defined'), not([compare(user, 'in', list)])]],
      pods,
    ]
    const names = [`0-${tail}`, `119999-${tail}`, `120000-${tail}`, `7-${tail}y`, `\\u0037-${tail}`]
    const found = leftOver(
      rules,
      names.map((name) => event({ user: { username: 'NAME' } }).replace('NAME', name)),
    )
    expect(found).toEqual([[0], [0], [1], [1], [0]])
  })
})
