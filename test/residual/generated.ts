import { strict as assert } from 'node:assert'
import * as fc from 'fast-check'
import { bindData } from '../../src/residual/bind.ts'
import { holds } from '../../src/residual/holds.ts'
import type { Json } from '../../src/residual/residual.ts'
import { residualText } from '../../src/residual/text.ts'
import { ParapetError } from '../../src/text/error.ts'
import { residualsOf } from '../../src/toolchain/residuals.ts'
import type { Toolchain } from '../../src/toolchain/toolchain.ts'
import { matcher } from './matcher.ts'
import { data, event, policy } from './policies.ts'

const guardrail = { id: 'generated', entrypoint: 'guardrails/test/generated/violation' }

/** Every policy's residual says of every event what OPA says of it. */
export function generated(
  toolchain: Toolchain,
): fc.IAsyncPropertyWithHooks<[string, object[], object]> {
  const events = fc.array(event, { minLength: 20, maxLength: 20 })
  return fc.asyncProperty(policy, events, data, (text, found, documents) =>
    check(toolchain, text, found, documents),
  )
}

/** Holds a policy's residual against OPA's own evaluator; policies that OPA refuses are passed over. */
async function check(
  toolchain: Toolchain,
  text: string,
  events: readonly object[],
  documents: object,
): Promise<void> {
  const modules = [{ file: 'generated.rego', text }]
  const residuals = await residualsOf(toolchain, { modules }, [guardrail]).catch(refused)
  if (!residuals) return
  const { residual } = residuals.get(guardrail.id)!
  const query = await toolchain.prepare(
    { modules, data: documents },
    'data.guardrails.test.generated.violation',
  )
  const answers = await query.evaluate(events.map((event) => Buffer.from(JSON.stringify(event))))
  await query.close()
  const bound = bindData(residual, documents as Json)
  for (const [i, { value, diagnostics }] of answers.entries()) {
    // Two values of one rule: OPA has no answer.
    if (diagnostics.length > 0) continue
    const said = holds(bound, events[i] as Json, matcher)
    const found = Array.isArray(value) && value.length > 0 ? 'yes' : 'no'
    if (said !== 'maybe')
      assert.equal(said, found, explain(text, events[i]!, residualText(residual)))
  }
}

function refused(error: unknown): undefined {
  if (error instanceof ParapetError && error.code.startsWith('REGO_')) return undefined
  throw error
}

function explain(text: string, event: object, residual: string): string {
  return `${text}\n${JSON.stringify(event)}\n${residual}`
}
