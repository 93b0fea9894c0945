import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import type { ProvedEvent } from '../../src/audit/proved.ts'
import type { Verdict } from '../../src/engine/judge.ts'
import type { MutantAnswers } from '../../src/testing/mutation.ts'
import { compileGuardrails } from '../../src/toolchain/guardrails.ts'
import { mutantAnswers } from '../../src/toolchain/mutants.ts'
import type { PolicySources } from '../../src/toolchain/sources.ts'
import type { Toolchain } from '../../src/toolchain/toolchain.ts'
import { hasToolchain, openToolchain, temporaryFolder } from './support.ts'

const METADATA = `# METADATA
# title: T
# description: D.
# scope: package
# custom:
#   id: one
#   priority: Notice
#   why: w
#   benign: b
#   evasions: e
`

const HEAD = `${METADATA}package guardrails.test.one

import data.parapet.lib

finding(message) := lib.finding(rego.metadata.chain(), message)

`

function sources(body: string, data?: unknown): PolicySources {
  const modules = [{ file: 'one.rego', text: HEAD + body }]
  return data === undefined ? { modules } : { modules, data }
}

function event(value: object): ProvedEvent {
  const bytes = Buffer.from(JSON.stringify({ kind: 'Event', ...value }))
  return admit(bytes, 0, bytes.length, ({ message }) => {
    throw new Error(message)
  })!
}

interface Asked {
  readonly event: object
  readonly data?: Readonly<Record<string, never>>
}

async function answers(
  toolchain: Toolchain,
  policy: PolicySources,
  asked: readonly Asked[] = [],
): Promise<MutantAnswers> {
  const compiled = await compileGuardrails(toolchain, policy)
  const guardrail = compiled.guardrails[0]!
  const data = JSON.parse(Buffer.from(compiled.data).toString()) as unknown
  const questions = asked.map((one) => ({
    subject: { kind: 'guardrail' as const, guardrail },
    event: event(one.event),
    ...(one.data ? { data: one.data } : {}),
  }))
  return mutantAnswers(toolchain, compiled, guardrail, questions, data)
}

/** `7:2 condition: input.a → ` */
async function mutants(toolchain: Toolchain, body: string): Promise<string[]> {
  const { mutants: all } = await answers(toolchain, sources(body))
  const first = HEAD.split('\n').length
  return all.map(({ line, column, kind, before, after }) =>
    `${line - first + 1}:${column} ${kind}: ${before} → ${after}`.trimEnd(),
  )
}

function said(verdict: Verdict | undefined): unknown {
  if (!verdict) return undefined
  return 'matches' in verdict ? verdict.matches.map(({ message }) => message) : verdict.problem.code
}

describe.skipIf(!hasToolchain)('mutants of a guardrail', () => {
  const toolchain = openToolchain()

  test('leave out, negate and swap each condition, and change each constant', async () => {
    const body = `violation contains finding("m") if {
	input.verb == "get"
	input.level >= 3
	not input.user
	startswith(input.name, "system:")
	is_on
}

is_on if data.org.on == true
`
    expect(await mutants(toolchain, body)).toEqual([
      '2:2 condition: input.verb == "get" →',
      '2:13 operator: == → !=',
      '2:16 constant: "get" → "mutant"',
      '3:2 condition: input.level >= 3 →',
      '3:2 negation: input.level >= 3 → not input.level >= 3',
      '3:14 operator: >= → >',
      '3:17 constant: 3 → 4',
      '4:2 condition: not input.user →',
      '4:2 negation: not input.user → input.user',
      '5:2 condition: startswith(input.name, "system:") →',
      '5:2 negation: startswith(input.name, "system:") → not startswith(input.name, "system:")',
      '5:2 operator: startswith → contains',
      '5:25 constant: "system:" → "mutant"',
      '6:2 condition: is_on →',
      '6:2 negation: is_on → not is_on',
      '9:10 condition: data.org.on == true →',
      '9:22 operator: == → !=',
      '9:25 constant: true → false',
    ])
  })

  test('leave out each element of lists, and each of several bodies and branches', async () => {
    const body = `violation contains finding("m") if {
	input.verb in {"get", "list"}
	some x in names
	x == input.name
}

names := ["a", lower(input.b)]

violation contains finding("n") if level > 1

level := 2 if input.c

else := 3
`
    expect(await mutants(toolchain, body)).toEqual([
      '1:1 body: violation contains finding("m") if {\n\tinput.verb in {"get", "list"}\n\tsome x in names\n\tx == input.name\n} →',
      '2:2 condition: input.verb in {"get", "list"} →',
      '2:2 negation: input.verb in {"get", "list"} → not input.verb in {"get", "list"}',
      '2:17 element: "get" →',
      '2:24 element: "list" →',
      '4:2 condition: x == input.name →',
      '4:4 operator: == → !=',
      '7:11 element: "a" →',
      '7:16 element: lower(input.b) →',
      '9:1 body: violation contains finding("n") if level > 1 →',
      '9:36 condition: level > 1 →',
      '9:36 negation: level > 1 → not level > 1',
      '9:42 operator: > → >=',
      '9:44 constant: 1 → 2',
      '11:10 constant: 2 → 3',
      '11:15 condition: input.c →',
      '11:15 negation: input.c → not input.c',
      '13:1 body: else := 3 →',
      '13:9 constant: 3 → 4',
    ])
  })

  // Without its one condition, `every x` would declare an `x` that nothing uses.
  test('look into comprehensions and every', async () => {
    const body = `violation contains finding("m") if {
	found := {x | some x in input.list; x > 2}
	count(found) == 1
	every x in ["a"] { contains(input.b, x) }
}
`
    expect(await mutants(toolchain, body)).toEqual([
      '2:38 condition: x > 2 →',
      '2:38 negation: x > 2 → not x > 2',
      '2:40 operator: > → >=',
      '2:42 constant: 2 → 3',
      '3:2 condition: count(found) == 1 →',
      '3:15 operator: == → !=',
      '3:18 constant: 1 → 2',
      '4:2 condition: every x in ["a"] { contains(input.b, x) } →',
      '4:14 element: "a" →',
      '4:21 negation: contains(input.b, x) → not contains(input.b, x)',
      '4:21 operator: contains → startswith',
    ])
  })

  test('leave the words of messages as they are, but not what decides as well', async () => {
    const body = `violation contains finding(message) if {
	input.a
	bad := {x | some x in input.list; x in {"p"}}
	count(bad) > 0
	names := concat(", ", [kind, "q"])
	message := $"{names} by {who}: {bad}"
}

kind := "k" if input.b

who := input.user if input.user != "" else := "somebody"
`
    const made = await mutants(toolchain, body)
    expect(made.filter((one) => /concat|"q"|"k"|somebody"/.test(one))).toEqual([
      '11:39 body: else := "somebody" →',
    ])
    expect(made).toContain('3:42 element: "p" →')
    expect(made).toContain('9:16 condition: input.b →')
  })

  test('are none where nothing compiles without what is taken away', async () => {
    const body = `violation contains finding($"{i}") if {
	input.list[i] == "x"
	not input.other[i]
}
`
    expect(await mutants(toolchain, body)).toEqual([
      '2:16 operator: == → !=',
      '2:19 constant: "x" → "mutant"',
      '3:2 condition: not input.other[i] →',
      '3:2 negation: not input.other[i] → input.other[i]',
    ])
  })

  test('say of each event what the guardrail and they find in it, with its data', async () => {
    const body = `violation contains finding(message) if {
	input.verb == "get"
	input.user in data.org.users.known
	message := $"{input.user} did"
}
`
    const users = (...known: string[]) => ({ org: { users: { known } } }) as never
    const { mutants: all, events } = await answers(toolchain, sources(body), [
      { event: { verb: 'get', user: 'eve' }, data: users('eve') },
      { event: { verb: 'get', user: 'eve' }, data: users('mallory') },
      { event: { verb: 'put', user: 'eve' }, data: users('eve') },
    ])
    const table = events.map(({ each, verdicts }) => each.map((at) => said(verdicts[at])))
    expect(all.map(({ kind }) => kind)).toEqual([
      'condition',
      'operator',
      'constant',
      'condition',
      'negation',
    ])
    const found = ['eve did']
    expect(table).toEqual([
      [found, found, [], [], found, []],
      [[], [], [], [], found, found],
      [[], found, found, [], [], []],
    ])
  })

  test('that fail, or take too many steps, take no other with them', async () => {
    const body = `violation contains finding("m") if kind == "a"

kind := "a" if input.a == 1

kind := "b" if input.a != 1
`
    const { mutants: all, events } = await answers(toolchain, sources(body), [{ event: { a: 1 } }])
    const { each, verdicts } = events[0]!
    const failed = all.filter(
      (_, index) => said(verdicts[each[index + 1]!]) === 'EVAL_CONFLICT_ERROR',
    )
    expect(failed.map(({ line, kind, before }) => `${line} ${kind} ${before}`)).toEqual([
      expect.stringMatching(/^\d+ condition input.a != 1$/),
      expect.stringMatching(/^\d+ operator !=$/),
      expect.stringMatching(/^\d+ constant 1$/),
    ])
    expect(said(verdicts[each[0]!])).toEqual(['m'])

    const { events: stopped } = await toolchain.mutants(
      withLibrary(body),
      {
        decision: ['guardrails', 'test', 'one', 'violation'],
        data: [{}],
        events: [0],
        limit: 2,
        steps: 2,
      },
      [Buffer.from('{"a":1}')],
    )
    expect(stopped[0]!.readings).toEqual([
      { issues: [{ code: 'eval_cancel_error', message: expect.any(String) as string }] },
    ])
  })

  test('are as many as the limit allows', async () => {
    const request = {
      decision: ['guardrails', 'test', 'one', 'violation'],
      data: [{}],
      events: [],
      limit: 2,
      steps: 1000,
    }
    const body = 'violation contains finding("m") if {\n\tinput.a\n\tinput.b\n}\n'
    const { mutants: all, leftOut } = await toolchain.mutants(withLibrary(body), request, [])
    expect(all).toHaveLength(2)
    expect(leftOut).toBe(2)
  })

  test('are kept in the cache until something about them changes', async () => {
    const cacheDir = temporaryFolder()
    const cached = openToolchain({ cacheDir })
    const entries = (): number => readdirSync(join(cacheDir, 'compiled')).length
    const policy = sources('violation contains finding("m") if input.a\n')
    const first = await answers(cached, policy, [{ event: { a: 1 } }])
    const before = entries()
    expect(await answers(cached, policy, [{ event: { a: 1 } }])).toEqual(first)
    expect(entries()).toBe(before)
    expect(await answers(cached, policy, [{ event: { b: 1 } }])).not.toEqual(first)
    expect(entries()).toBe(before + 1)
  })
})

function withLibrary(body: string): PolicySources {
  return {
    modules: [
      { file: 'one.rego', text: `package guardrails.test.one\n\nfinding(m) := m\n\n${body}` },
    ],
  }
}
