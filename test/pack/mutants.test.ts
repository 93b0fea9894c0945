import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import { bases } from '../../src/testing/bases.ts'
import type { Mutant } from '../../src/testing/mutation.ts'
import { mutantAnswers } from '../../src/toolchain/mutants.ts'
import type { PolicySources } from '../../src/toolchain/sources.ts'
import { compilePack, type Pack } from '../support/pack.ts'
import { hasToolchain } from '../toolchain/support.ts'

const EVENTS = [...bases.values()].map(({ event }) => {
  const bytes = Buffer.from(JSON.stringify(event))
  return admit(bytes, 0, bytes.length, () => {})!
})

function offsetOf(text: string, { line, column }: Mutant): number {
  const before = text.split('\n').slice(0, line - 1)
  return before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1
}

/** The source with a mutant's change made in its text; undefined for what takes more than that. */
function edited(text: string, mutant: Mutant): string | undefined {
  const { kind, before, after } = mutant
  const start = offsetOf(text, mutant)
  const [head, tail] = [text.slice(0, start), text.slice(start + before.length)]
  if (kind === 'condition') return `${head}true${tail}`
  if (kind !== 'element') return head + after + tail
  // Of an entry, the text is its key.
  return tail.startsWith(':') ? undefined : head + tail.replace(/^\s*,/, '')
}

describe.skipIf(!hasToolchain)('mutants of built-in guardrails', () => {
  let pack: Pack
  beforeAll(async () => {
    pack = await compilePack()
  })
  afterAll(() => pack.toolchain.close())

  /** What OPA finds in each event with the text of one module in place of its own. */
  async function found(
    modules: PolicySources['modules'],
    file: string,
    text: string,
    rule: string,
  ) {
    const changed = modules.map((one) => (one.file === file ? { ...one, text } : one))
    const policy = { modules: changed, data: pack.data }
    const evaluator = await pack.toolchain.prepare(policy, `[m | m := ${rule}[_].message]`)
    const evaluations = await evaluator.evaluate(EVENTS)
    await evaluator.close()
    return evaluations.map(({ value }) => value)
  }

  test.each(['pod-exec', 'escalation-verbs', 'account-used-outside'])(
    'of %s decide as its text does with their change',
    async (id) => {
      const guardrail = pack.compiled.guardrails.find((one) => one.id === id)!
      const { file, package: name } = guardrail
      const subject = { kind: 'guardrail', guardrail } as const
      const questions = EVENTS.map((event) => ({ subject, event }))
      const { mutants, events } = await mutantAnswers(
        pack.toolchain,
        pack.compiled,
        guardrail,
        questions,
        pack.data,
      )
      const own = pack.compiled.policy.modules.filter(
        (module) => module.file === file || !module.text.includes('\npackage guardrails.'),
      )
      const modules = own.filter(({ text }) => !text.startsWith('package guardrails\n'))
      const source = modules.find((module) => module.file === file)!.text
      for (const [index, mutant] of mutants.entries()) {
        expect(source.startsWith(mutant.before, offsetOf(source, mutant))).toBe(true)
        const text = edited(source, mutant)
        if (text === undefined) continue
        const expected = await found(modules, file, text, `data.${name}.violation`)
        const answered = events.map(({ each, verdicts }) => {
          const verdict = verdicts[each[index + 1]!]!
          return 'matches' in verdict ? verdict.matches.map(({ message }) => message) : verdict
        })
        expect({ mutant, found: answered }).toEqual({ mutant, found: expected })
      }
    },
  )
})
