import { describe, expect, test } from 'vitest'
import { UNION_PATH, unionModule } from '../../src/rego/union.ts'
import { hasToolchain, openToolchain } from '../toolchain/support.ts'

const exec = { package: 'guardrails.workloads.pod_exec', portable: true }
const hours = { package: 'guardrails.access.hours', portable: false }

describe('the union of guardrails', () => {
  test('has a rule for each guardrail, in order of packages', () => {
    const rules = unionModule([exec, hours]).matchAll(
      /^(\w+) contains .* if \{\n\tsome .* in (.*)$/gm,
    )
    expect([...rules].map(([, name, set]) => `${name}: ${set}`)).toEqual([
      'violations: data.guardrails.access.hours.violation',
      'violations: data.guardrails.workloads.pod_exec.violation',
      'portable: data.guardrails.workloads.pod_exec.violation',
      'excepted: data.guardrails.access.hours.violation',
      'excepted: data.guardrails.workloads.pod_exec.violation',
    ])
  })

  test('is the same whatever the order given', () => {
    expect(unionModule([hours, exec])).toBe(unionModule([exec, hours]))
  })

  describe.skipIf(!hasToolchain)('under the compiler', () => {
    const toolchain = openToolchain()

    test.each([[[]], [[exec]], [[hours]], [[exec, hours]]])(
      'is formatted and strict: %j',
      async (members) => {
        const text = unionModule(members)
        expect(await toolchain.format({ file: UNION_PATH, text })).toBe(text)
        expect(await toolchain.check({ modules: [{ file: UNION_PATH, text }] })).toEqual([])
      },
    )

    test('gathers what the guardrails found, and nothing that is not portable', async () => {
      const modules = [
        { file: UNION_PATH, text: unionModule([exec, hours]) },
        {
          file: 'a.rego',
          text: `package ${exec.package}\n\nviolation contains "exec" if input.exec\n`,
        },
        {
          file: 'b.rego',
          text: `package ${hours.package}\n\nviolation contains "hours" if input.late\n`,
        },
      ]
      const input = Buffer.from('{"exec": true, "late": true}')
      for (const [query, want] of [
        ['data.guardrails.violations', ['exec', 'hours']],
        ['data.guardrails.portable', ['exec']],
      ] as const) {
        const evaluator = await toolchain.prepare({ modules }, query)
        expect((await evaluator.evaluate([input]))[0]?.value).toEqual(want)
      }
    })

    test('of no guardrails is empty and not undefined', async () => {
      const modules = [{ file: UNION_PATH, text: unionModule([]) }]
      const evaluator = await toolchain.prepare({ modules }, 'data.guardrails.violations')
      expect((await evaluator.evaluate([Buffer.from('{}')]))[0]?.value).toEqual([])
    })
  })
})
