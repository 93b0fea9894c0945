import { describe, expect, test } from 'vitest'
import { Policy } from '../../src/rego/policy.ts'
import { decisionPath } from '../../src/rego/decision-path.ts'
import { compileDecision } from '../../src/toolchain/decision.ts'
import type { PolicySources } from '../../src/toolchain/sources.ts'
import { hasToolchain, openToolchain } from './support.ts'

const module = (text: string, file = 'policy.rego'): PolicySources => ({
  modules: [{ file, text }],
})

test.each([
  ['main/deny', 'main/deny'],
  ['main.deny', 'main/deny'],
  ['data.main.deny', 'main/deny'],
  ['/main/deny', 'main/deny'],
  ['data/main/deny', 'main/deny'],
  ['a.b/deny', 'a.b/deny'],
])('the decision %s is %s', (given, path) => {
  expect(decisionPath(given)).toBe(path)
})

describe.skipIf(!hasToolchain)('compiling a decision of other Rego', () => {
  const toolchain = openToolchain()
  const decide = async (
    policy: PolicySources,
    decision: string,
    input: string,
  ): Promise<unknown> => {
    const { wasm, entrypoint } = await compileDecision(toolchain, policy, decision)
    const loaded = await Policy.load(wasm)
    return JSON.parse(loaded.decideValue(loaded.entrypoint(entrypoint), input) ?? 'null')
  }

  test.each([
    ['Rego of today', 'package main\n\ndeny contains "no" if input.bad\n', 1],
    ['Rego of before OPA 1.0', 'package main\n\ndeny[msg] {\n  input.bad\n  msg := "no"\n}\n', 0],
    ['Rego that is both', 'package main\n\nimport rego.v1\n\ndeny contains "no" if input.bad\n', 1],
  ])('%s', async (_, text, version) => {
    const compiled = await compileDecision(toolchain, module(text), 'main.deny')
    expect(compiled).toMatchObject({ entrypoint: 'main/deny', regoVersion: version })
    expect(await decide(module(text), 'main.deny', '{"bad": true}')).toEqual(['no'])
    expect(await decide(module(text), 'main.deny', '{}')).toEqual([])
  })

  test('unused variables and imports are nobody’s business, and tests stay out', async () => {
    const policy = module('package main\n\nimport data.other\n\ndeny contains "no" if x := 1\n')
    const test = { file: 'policy_test.rego', text: 'package main_test\n\ntest_x if nope(1)\n' }
    expect(await decide({ modules: [...policy.modules, test] }, 'main/deny', '{}')).toEqual(['no'])
  })

  test.each([
    ['Rego of no version', 'package main\n\nx {{\n', 'REGO_PARSE_ERROR', 'policy.rego'],
    [
      'what does not compile',
      'package main\n\ndeny if nope(1)\n',
      'REGO_TYPE_ERROR',
      'policy.rego',
    ],
  ])('refuses %s', async (_, text, code, file) => {
    const compiling = compileDecision(toolchain, module(text), 'main/deny')
    await expect(compiling).rejects.toMatchObject({ code, file })
  })

  test.each([
    ['main/denny', 'did you mean `main/deny`?'],
    ['other/thing', 'it has main, main/deny, main/x.y'],
  ])('a decision that is not there: %s', async (decision, help) => {
    const policy = module('package main\n\ndeny contains "no" if input.bad\n\nx.y := 1\n')
    await expect(compileDecision(toolchain, policy, decision)).rejects.toMatchObject({
      code: 'DECISION_MISSING',
      message: `the policy has no decision \`${decision}\``,
      help: help.replace('x.y', 'x/y'),
    })
  })

  test('a package or a nested rule can be a decision', async () => {
    const policy = module('package main\n\nx.y := input.n\n')
    expect(await decide(policy, 'data.main.x.y', '{"n": 1}')).toBe(1)
    expect(await decide(policy, 'main', '{"n": 1}')).toEqual({ x: { y: 1 } })
  })
})
