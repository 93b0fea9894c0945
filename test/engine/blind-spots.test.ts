import { beforeAll, describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { PLAIN, prove, provedEvent } from '../../src/audit/prove.ts'
import { BlindSpots, type Sampled, type Watcher } from '../../src/engine/blind-spots.ts'
import { UNION } from '../../src/engine/guardrails.ts'
import { canHoldAt, levelNeeded } from '../../src/engine/recorded.ts'
import { Sample } from '../../src/engine/sample.ts'
import { policyPlace, readCompiled } from '../../src/io/policy/policies.ts'
import { Policy } from '../../src/rego/policy.ts'
import { matchAtom } from '../../src/rego/match-atom.ts'
import { bindData } from '../../src/residual/bind.ts'
import { readResiduals } from '../../src/residual/decode.ts'
import type { EncodedResiduals } from '../../src/residual/encode.ts'
import { holds } from '../../src/residual/holds.ts'
import { possible } from '../../src/residual/possible.ts'
import {
  any,
  compare,
  eventPath,
  type Json,
  not,
  type Residual,
  test as atom,
} from '../../src/residual/residual.ts'
import { recording } from '../support/cli.ts'
import { auditEvents, auditLogs } from '../support/logs.ts'

const resource = (name: string) => compare(eventPath('objectRef', 'resource'), 'equal', name)
const verb = (name: string) => compare(eventPath('verb'), 'equal', name)
const answered = not([compare(eventPath('stage'), 'equal', 'RequestReceived')])
const privileged = atom(eventPath('requestObject', 'spec', 'privileged'), 'truthy')
const code = (value: number) => compare(eventPath('responseStatus', 'code'), 'equal', value)

const rules: Readonly<Record<string, Residual>> = {
  privileged: [[verb('create'), resource('deployments'), answered, privileged]],
  deleted: [[verb('delete'), resource('deployments'), answered]],
  answer: [[resource('roles'), atom(eventPath('responseObject', 'rules'), 'defined')]],
  either: [[resource('pods'), any([privileged], [verb('delete')])]],
  refused: [[code(401), answered]],
  shell: [
    [resource('pods'), answered, compare(eventPath('objectRef', 'subresource'), 'equal', 'exec')],
  ],
  off: [],
}
const watchers: readonly Watcher[] = Object.entries(rules).map(([rule, residual]) => ({
  rule,
  residual,
}))

describe('what guardrails need', () => {
  test.each([
    ['privileged', 'Request'],
    ['deleted', 'Metadata'],
    ['answer', 'RequestResponse'],
    ['either', 'Metadata'],
    ['refused', 'Metadata'],
    ['off', undefined],
  ])('level of %s: %s', (rule, level) => {
    expect(levelNeeded(rules[rule]!)).toBe(level)
  })

  test.each([
    ['privileged', 'ResponseComplete Panic'],
    ['deleted', 'ResponseComplete Panic'],
    // Whoever does not look at the stage can see requests that are not answered.
    ['either', 'RequestReceived ResponseStarted ResponseComplete Panic'],
    ['refused', 'ResponseStarted Panic'],
    ['shell', 'ResponseStarted ResponseComplete Panic'],
    ['off', ''],
  ])('stages of %s: %s', (rule, stages) => {
    const all = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const
    expect(all.filter((stage) => canHoldAt(stage, rules[rule]!)).join(' ')).toBe(stages)
  })
})

const event = (fields: Partial<Sampled> = {}, kind = 'deployments'): Sampled => ({
  level: 'Metadata',
  stage: 'ResponseComplete',
  verb: 'create',
  target: { resource: kind, apiGroup: '', subresource: '' },
  weight: 1,
  ...fields,
})
const rich = { level: 'RequestResponse' }
const read = { verb: 'list' }

function spots(...groups: [count: number, event: Sampled][]): string[] {
  const found = new BlindSpots(() => watchers, watchers.length)
  for (const [count, one] of groups) for (let i = 0; i < count; i++) found.add(one)
  return found
    .found()
    .map(({ needs, guardrails, of, share }) => `${needs}: ${guardrails} of ${of}, ${share}`)
}

describe('blind spots', () => {
  test.each<[note: string, groups: [number, Sampled][], want: string[]]>([
    ['nothing', [], []],
    [
      'all at Metadata',
      [[2, event()]],
      ['requestObject: privileged of 7, 1', 'responseObject: answer of 7, 1'],
    ],
    ['all recorded', [[2, event(rich)]], []],
    ['all at Request', [[4, event({ level: 'Request' })]], ['responseObject: answer of 7, 1']],
    [
      'what a guardrail looks at has bodies, the rest has not',
      [
        [16, event(read)],
        [3, event(rich)],
      ],
      [],
    ],
    [
      'what a guardrail looks at has none, the rest has',
      [
        [4, event()],
        [4, event(rich, 'configmaps')],
        [8, event({ ...rich, ...read })],
      ],
      ['requestObject: privileged of 7, 0.25', 'responseObject: answer of 7, 0.25'],
    ],
    [
      'other changes tell, where nothing is looked at',
      [
        [11, event(read)],
        [4, event({}, 'configmaps')],
        [1, event(rich, 'services')],
      ],
      ['requestObject: privileged of 7, 0.9375', 'responseObject: answer of 7, 0.9375'],
    ],
    [
      'but not leases and events',
      [
        [14, event({}, 'leases')],
        [4, event(rich, 'services')],
      ],
      [],
    ],
    [
      'only reading: all events tell',
      [
        [3, event(read)],
        [1, event({ ...read, ...rich })],
      ],
      ['requestObject: privileged of 7, 0.75', 'responseObject: answer of 7, 0.75'],
    ],
    ['no ResponseStarted', [[20, event(rich)]], ['ResponseStarted: refused of 7, 1']],
    ['too few events to miss a stage', [[19, event(rich)]], []],
    [
      'no ResponseComplete',
      [[20, event({ ...rich, ...read, stage: 'ResponseStarted' })]],
      ['ResponseComplete: privileged,deleted of 7, 1'],
    ],
    [
      'nothing is answered',
      [[20, event({ ...rich, stage: 'RequestReceived' })]],
      [
        'ResponseComplete: privileged,deleted,answer,shell of 7, 1',
        'ResponseStarted: refused of 7, 1',
      ],
    ],
  ])('%s', (_note, groups, want) => {
    expect(spots(...groups)).toEqual(want)
  })
})

describe('the sample', () => {
  const line = (fields: Record<string, unknown>): string =>
    JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID: 'a',
      stage: 'ResponseComplete',
      requestURI: '/x?q="verb":"create"',
      verb: 'create',
      user: { username: '"level":"None"' },
      objectRef: { resource: 'pods', apiGroup: 'apps', subresource: 'exec', name: '}' },
      ...fields,
    })

  /** What is taken of lines that come in chunks of so many. */
  function taken(lines: readonly string[], size: number): Sampled[] {
    const found: Sampled[] = []
    const sample = new Sample((one) => found.push(one))
    const sink = sample.of({
      event() {},
      malformed() {},
      lines: (_bytes, _start, end) => ({ end, lines: size }),
    })
    for (let at = 0; at < lines.length; at += size) {
      const bytes = Buffer.from(`${lines.slice(at, at + size).join('\n')}\n`)
      sink.lines!(bytes, 0, bytes.length, 1, () => true)
    }
    sample.cut()
    return found
  }

  test('is all of a short log', () => {
    const [one, ...more] = taken([line({}), line({ verb: 'get' })], 2)
    expect(one).toEqual({
      level: 'Metadata',
      stage: 'ResponseComplete',
      verb: 'create',
      target: { resource: 'pods', apiGroup: 'apps', subresource: 'exec' },
      weight: 1,
    })
    expect(more).toMatchObject([{ verb: 'get' }])
  })

  test('takes events that stand alone, printed ones and old ones too', () => {
    const found: Sampled[] = []
    const sample = new Sample((one) => found.push(one))
    const sink = sample.of({ event() {}, malformed() {} })
    const old = line({}).replace('"level"', '"metadata":{"creationTimestamp":null},"level"')
    for (const text of [line({}), JSON.stringify(JSON.parse(line({})), null, 2), old, '{"a":1}']) {
      const bytes = Buffer.from(text)
      sink.event(bytes, 0, bytes.length, 1)
    }
    sample.cut()
    expect(found).toHaveLength(3)
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(1)
  })

  test('takes the same whatever the chunks', () => {
    const lines = Array.from({ length: 900 }, (_, i) => line({ verb: `v${i}` }))
    const whole = taken(lines, 900)
    expect(whole.length).toBeGreaterThan(150)
    expect(taken(lines, 1)).toEqual(whole)
    expect(taken(lines, 75)).toEqual(whole)
  })

  test('is small for a long log, and tells its shares, whatever the length of its lines', () => {
    const long = { level: 'RequestResponse', requestObject: 'x'.repeat(20_000) }
    const lines = Array.from({ length: 20_000 }, (_, i) => line(i % 4 === 0 ? long : {}))
    const found = taken(lines, 400)
    expect(found.length).toBeGreaterThan(400)
    expect(found.length).toBeLessThan(1000)
    const weight = (which: (one: Sampled) => boolean): number =>
      found.filter(which).reduce((sum, one) => sum + one.weight, 0)
    const all = weight(() => true)
    expect(all / lines.length).toBeCloseTo(1, 1)
    expect(weight(({ level }) => level === 'Metadata') / all).toBeCloseTo(0.75, 1)
  })
})

describe('held against the guardrails and logs at hand', () => {
  interface Guardrail {
    readonly id: string
    readonly residual: Residual
  }
  let pack: readonly Guardrail[]
  let policy: Policy
  beforeAll(async () => {
    const { path } = policyPlace('builtin', '/')
    const compiled = await readCompiled(path, 'builtin', undefined)
    const { wasm, data, guardrails } = compiled!
    const residuals = readResiduals(compiled!.residuals as EncodedResiduals)
    policy = await Policy.load(wasm, { data })
    pack = residuals.map(({ entrypoint, residual }) => ({
      id: guardrails.find((one) => one.entrypoint === entrypoint)!.id,
      residual: bindData(residual, data as Json),
    }))
  })

  /** Ids of the guardrails that find something. */
  function find(event: object): Set<string> {
    const bytes = Buffer.from(JSON.stringify(event))
    const found = policy.decide(policy.entrypoint(UNION), provedEvent(bytes, 0, bytes.length))
    return new Set(((found ?? []) as { id: string }[]).map(({ id }) => id))
  }

  test.each(auditLogs())('%s: what is found was not said to be out of sight', (_name, file) => {
    const wrong = new Set<string>()
    let findings = 0
    for (const bytes of auditEvents(file)) {
      if (prove(bytes, 0, bytes.length) !== PLAIN) continue
      const event = JSON.parse(Buffer.from(bytes).toString()) as AuditEvent
      const { requestObject: _request, responseObject: _response, ...rest } = event
      const poor = find({ ...rest, level: 'Metadata' })
      const rich = find(event)
      findings += rich.size
      for (const { id, residual } of pack) {
        if (poor.has(id) && levelNeeded(residual) !== 'Metadata') wrong.add(`${id} at Metadata`)
        const isRefused = event.responseStatus?.code === 401
        if (rich.has(id) && !isRefused && !canHoldAt(event.stage!, residual)) {
          wrong.add(`${id} at ${event.stage}`)
        }
      }
    }
    expect([...wrong]).toEqual([])
    if (file === recording) expect(findings).toBeGreaterThan(60)
  })

  test.each(auditLogs())('%s: knowing every literal is knowing the residual', (_name, file) => {
    for (const bytes of auditEvents(file).slice(0, 300)) {
      if (prove(bytes, 0, bytes.length) !== PLAIN) continue
      const event = JSON.parse(Buffer.from(bytes).toString()) as Json
      for (const { id, residual } of pack) {
        const found = possible(residual, (literal) => {
          const one = holds([[literal]], event, matchAtom)
          return one === 'maybe' ? undefined : one === 'yes'
        })
        expect(found, id).toBe(holds(residual, event, matchAtom))
      }
    }
  })

  test('guardrails that look into objects need a body, the others do not', () => {
    const levels = new Map(pack.map(({ id, residual }) => [id, levelNeeded(residual)]))
    expect(levels.get('privileged-container')).toBe('Request')
    expect(levels.get('wildcard-role')).toBe('Request')
    expect(levels.get('pod-exec')).toBe('Metadata')
    expect(levels.get('invalid-credentials')).toBe('Metadata')
    // Off until there is data for it.
    expect(levels.get('unknown-network')).toBeUndefined()
  })
})
