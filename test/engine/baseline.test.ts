import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readBaseline,
  writeBaselineJson,
  writeBaselineYaml,
} from '../../src/engine/baseline-file.ts'
import { Baseline, BaselineWriter, knownAs, type KnownFinding } from '../../src/engine/baseline.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { locate } from '../../src/text/diagnostic.ts'

const finding: Finding = {
  rule: 'pod-exec',
  engine: 'rego',
  title: 'Command run in a pod',
  priority: 'Notice',
  message: 'alice ran a command in pod web-7d9f8b6c5-x2kqz in namespace shop',
  tags: [],
  time: '2026-11-24T10:00:01.000000Z',
  auditID: 'a',
  stage: 'ResponseComplete',
  user: { name: 'alice', groups: [], impersonated: null },
  verb: 'create',
  resource: {
    group: null,
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'web-7d9f8b6c5-x2kqz',
  },
  sourceIPs: ['192.0.2.7'],
  userAgent: null,
  response: { code: 101 },
  file: 'audit.log',
  line: 1,
  fingerprint: '0'.repeat(32),
}
const changed = (fields: Partial<Finding>): Finding => ({ ...finding, ...fields })
const pod = (name: string): Finding =>
  changed({
    message: finding.message.replace(finding.resource!.name!, name),
    resource: { ...finding.resource!, name },
  })

describe('what identifies a finding', () => {
  test('an entry, in full', () => {
    expect(knownAs(finding)).toEqual({
      rule: 'pod-exec',
      priority: 'Notice',
      user: 'alice',
      verb: 'create',
      resource: 'pods/exec',
      namespace: 'shop',
      message: 'alice ran a command in pod web-*-* in namespace shop',
      count: 1,
      since: '2026-11-24T10:00:01.000000Z',
    })
  })

  const baseline = (): Baseline => new Baseline([knownAs(finding)], 'known.yaml')

  test.each<[note: string, finding: Finding]>([
    ['the same', finding],
    ['another day', changed({ auditID: 'b', time: '2026-12-01T00:00:00Z', fingerprint: 'f' })],
    ['from another place', changed({ sourceIPs: ['203.0.113.9'], file: 'b.log', line: 9 })],
    ['another copy of the pod', pod('web-7d9f8b6c5-b4t7w')],
    ['the pod after a rollout', pod('web-5c4d7f8bd-b4t7w')],
    ['less urgent', changed({ priority: 'Informational' })],
  ])('known: %s', (_note, known) => {
    expect(baseline().know(known)).toMatchObject({ rule: 'pod-exec' })
  })

  test.each<[note: string, finding: Finding]>([
    ['somebody else', changed({ user: { ...finding.user, name: 'bob' } })],
    ['another rule', changed({ rule: 'pod-attach' })],
    ['another verb', changed({ verb: 'get' })],
    ['another resource', changed({ resource: { ...finding.resource!, subresource: 'attach' } })],
    ['another group', changed({ resource: { ...finding.resource!, group: 'apps' } })],
    ['another namespace', changed({ resource: { ...finding.resource!, namespace: 'payments' } })],
    ['another pod', pod('db-7d9f8b6c5-x2kqz')],
    ['a pod whose name only begins so', pod('web-admin')],
    ['more urgent', changed({ priority: 'Warning' })],
    ['another outcome', changed({ message: 'alice was denied when trying to run a command' })],
    ['no resource', changed({ resource: null })],
  ])('new: %s', (_note, news) => {
    expect(baseline().know(news)).toBeUndefined()
  })

  test.each([
    ['pods', 'web-0', 'x web-*'],
    ['pods', 'backup-27938012-x2kqz', 'x backup-*-*'],
    ['pods', 'web', 'x web'],
    ['persistentvolumes', 'pvc-0f6d2a52-1b2c-4d5e-8f90-123456789abc', 'x pvc-*'],
    ['clusterrolebindings', 'oops-2', 'x oops-2'],
    ['deployments', 'web-5c4d7f8bd-b4t7w', 'x web-5c4d7f8bd-b4t7w'],
  ])('%s %s', (resource, name, message) => {
    const ref = { ...finding.resource!, resource, name }
    expect(knownAs(changed({ resource: ref, message: `x ${name}` })).message).toBe(message)
  })

  test.each([
    ['alice read secrets on Tue at 22:14, late', 'alice read secrets on *, late'],
    ['valid until 2026-11-24T10:00:00.5Z', 'valid until *'],
    [`with image a@sha256:${'0'.repeat(64)}`, 'with image a@sha256:*'],
    ['covers * and \\', String.raw`covers \* and \\`],
    ['with --token=abcdefgh', 'with --token=[redacted]'],
  ])('%s', (message, pattern) => {
    expect(knownAs(changed({ message })).message).toBe(pattern)
    const baseline = new Baseline([{ ...knownAs(changed({ message })), verb: '*' }], 'a')
    expect(baseline.know(changed({ message }))).toBeDefined()
  })
})

describe('entries written by hand', () => {
  const knows = (entry: Partial<KnownFinding>, what: Finding = finding): boolean =>
    new Baseline([{ rule: 'pod-exec', count: 0, ...entry }], 'a').know(what) !== undefined

  test('what is left out is not compared, null means none', () => {
    expect(knows({})).toBe(true)
    expect(knows({ namespace: 'shop', user: 'al*' })).toBe(true)
    expect(knows({ namespace: null })).toBe(false)
    expect(knows({ as: null })).toBe(true)
    const acting = changed({ user: { ...finding.user, impersonated: 'root' } })
    expect([knows({ as: null }, acting), knows({}, acting), knows({ as: 'r*t' }, acting)]).toEqual([
      false,
      true,
      true,
    ])
  })

  test('an entry of another rule never matches', () => {
    expect(knows({ rule: 'pod-*' })).toBe(false)
  })

  test('the summary counts, and says since when', () => {
    const entries = [
      { rule: 'pod-exec', user: 'alice', count: 1, since: '2026-10-02T00:00:00Z' },
      { rule: 'pod-exec', user: 'bob', count: 1, since: '2026-10-01T00:00:00Z' },
      { rule: 'secret-read', count: 1, since: '2026-09-01T00:00:00Z' },
    ]
    const baseline = new Baseline(entries, 'known.yaml')
    for (const name of ['alice', 'alice', 'bob']) {
      baseline.know(changed({ user: { ...finding.user, name } }))
    }
    expect(baseline.summary()).toEqual({
      file: 'known.yaml',
      findings: 3,
      since: '2026-10-01T00:00:00Z',
      entries: 3,
      unused: 1,
    })
  })
})

describe('files', () => {
  test('entries are counted, sorted, a key to a line', () => {
    const writer = new BaselineWriter([{ rule: 'zz', count: 1, reason: 'accepted: see #12' }])
    writer.add(changed({ time: '2026-11-25T00:00:00Z' }))
    writer.add(pod('web-7d9f8b6c5-b4t7w'))
    writer.add(changed({ resource: null, user: { ...finding.user, name: 'system:admin' } }))
    expect(writeBaselineYaml(writer.entries())).toMatchInlineSnapshot(`
      "# Findings that are known: \`parapet scan --baseline FILE\` counts them and does not show them.
      # What an entry leaves out is not compared, and * stands for any text; a more urgent finding is new.
      # Add \`reason\` to an entry to say why it is accepted.
      version: 1
      findings:
        - rule: pod-exec
          priority: Notice
          user: system:admin
          verb: create
          resource: null
          namespace: null
          message: "alice ran a command in pod web-7d9f8b6c5-x2kqz in namespace shop"
          count: 1
          since: "2026-11-24T10:00:01.000000Z"
        - rule: pod-exec
          priority: Notice
          user: alice
          verb: create
          resource: pods/exec
          namespace: shop
          message: "alice ran a command in pod web-*-* in namespace shop"
          count: 2
          since: "2026-11-24T10:00:01.000000Z"
        - rule: zz
          count: 1
          reason: "accepted: see #12"
      "
    `)
  })

  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom(
      'null',
      '~',
      'yes',
      '1e3',
      '- a',
      'a: b',
      'a #b',
      '*',
      '&a',
      '\u0085',
      '\ufeff',
    ),
  )
  const entry: fc.Arbitrary<KnownFinding> = fc.record(
    {
      rule: text,
      engine: fc.constantFrom('rego' as const, 'falco' as const),
      priority: fc.constantFrom('Warning' as const, 'Debug' as const),
      user: fc.option(text),
      as: fc.option(text),
      verb: fc.option(text),
      resource: fc.option(text),
      namespace: fc.option(text),
      message: text,
      count: fc.nat(),
      since: text,
      reason: text,
    },
    { requiredKeys: ['rule', 'count'] },
  )

  test('what is written is read, as YAML and as JSON', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        for (const write of [writeBaselineYaml, writeBaselineJson]) {
          const reading = readBaseline({ file: 'a', text: write(entries) })
          expect(reading).toEqual({ entries, diagnostics: [] })
        }
      }),
    )
  })

  test.each([
    ['[]', '1:1 a baseline is not a mapping'],
    ['', 'a baseline is not a mapping'],
    [
      'version: 2\nfindings: []',
      '1:10 `2` is no version that is known (this Parapet reads version 1; write the baseline anew)',
    ],
    ['version: 1', '1:1 `findings` is not a list'],
    [
      'findings: [{user: a}]',
      '1:12 an entry has no `rule` (name the guardrail or rule that it is about)',
    ],
    ['findings: [{rule: a, usr: b}]', '1:22 an entry has no key `usr` (did you mean `user`?)'],
    ['findings: [{rule: a, user: [b]}]', '1:28 `user` is not a text'],
    ['findings: [{rule: a, engine: opa}]', '1:30 `opa` is neither rego nor falco'],
    [
      'findings: [{rule: a, priority: Warnin}]',
      '1:32 `Warnin` is not a priority (did you mean `Warning`?)',
    ],
    ['findings: [{rule: a, count: some}]', /1:29 `count` is not a whole number/],
    ['findings: [', /unexpected end/],
  ])('%s', (source, wanted) => {
    const document = { file: 'known.yaml', text: source }
    const { entries, diagnostics } = readBaseline(document)
    expect(entries).toEqual([])
    const [first] = diagnostics.map((diagnostic) => {
      const { line, column, message, help } = locate(diagnostic, [document])
      return `${line === undefined ? '' : `${line}:${column} `}${message}${help ? ` (${help})` : ''}`
    })
    if (typeof wanted === 'string') expect(first).toBe(wanted)
    else expect(first).toMatch(wanted)
  })
})
