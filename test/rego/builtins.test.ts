import { existsSync } from 'node:fs'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { BuiltinError, ELSEWHERE } from '../../src/rego/builtins/builtin.ts'
import type { Builtin, Evaluation } from '../../src/rego/builtins/builtin.ts'
import { loadBuiltins } from '../../src/rego/builtins/index.ts'
import { goText } from '../../src/rego/builtins/go/text.ts'
import { parseTerm, printTerm } from '../../src/rego/term.ts'
import type { Value } from '../../src/rego/value.ts'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'
import { builtWasm } from '../../src/toolchain/location.ts'
import { operandsOf } from './operands.ts'

/** Calls of each builtin; `npm run test:deep` sets more. */
const RUNS = Number(process.env['PARAPET_BUILTIN_RUNS'] ?? 150)

const hasToolchain = existsSync(builtWasm)
if (!hasToolchain)
  process.stderr.write('skipped: the embedded OPA is not built (npm run prepare)\n')

const names = Object.keys(operandsOf)
const builtins = await loadBuiltins(names)
const opa = opaBuiltins()
const context = { now: (): bigint => 0n }

/** These answer from the operands alone. */
const evaluation: Evaluation = {
  now: () => 0n,
  random: (size) => new Uint8Array(size),
  remembered: new Map(),
  print: () => {},
}

const PANIC = Symbol('OPA panicked')

/** How often the builtins were defined, failed, and left a call to OPA. */
const answered = new Map(names.map((name) => [name, { defined: 0, undefined: 0, elsewhere: 0 }]))

describe.skipIf(!hasToolchain)('builtins agree with the Go implementation', () => {
  test.each(names)('%s', (name) => {
    const builtin = builtins.get(name)!
    const reference = opa(name)!
    const counts = answered.get(name)!
    fc.assert(
      fc.property(operandsOf[name]!, (operands) => {
        const mine = call(builtin, operands)
        counts[mine === ELSEWHERE ? 'elsewhere' : mine === undefined ? 'undefined' : 'defined']++
        if (mine === ELSEWHERE) return
        const theirs = callGo(reference, operands)
        if (theirs === PANIC) return
        expect(mine, operands.map(goText).join(', ')).toBe(theirs)
      }),
      { numRuns: RUNS },
    )
  })

  afterAll(() => {
    const called = [...answered].filter(([, c]) => c.defined + c.undefined + c.elsewhere > 0)
    const unexercised = called.filter(([, counts]) => counts.defined < RUNS / 20)
    expect(unexercised).toEqual([])
  })
})

function call(builtin: Builtin, operands: readonly Value[]): string | undefined | typeof ELSEWHERE {
  try {
    const answer = builtin(operands, evaluation)
    // Numbers keep their literals, and everything is in Rego's order.
    return answer === undefined || answer === ELSEWHERE ? answer : goText(answer)
  } catch (error) {
    if (error instanceof BuiltinError) return undefined
    throw error
  }
}

/** What OPA's code answers; it panics on a few operands, and then there is nothing to agree with. */
function callGo(
  reference: NonNullable<ReturnType<typeof opa>>,
  operands: readonly Value[],
): string | undefined | typeof PANIC {
  try {
    const answer = reference(operands.map(printTerm), context)
    return answer === undefined ? undefined : goText(parseTerm(answer))
  } catch (error) {
    if (error instanceof BuiltinError) return undefined
    if (error instanceof Error && error.message.startsWith('OPA panicked')) return PANIC
    throw error
  }
}
