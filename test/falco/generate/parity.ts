import { strict as assert } from 'node:assert'
import { admit } from '../../../src/engine/admission.ts'
import { type Generated, generateRules, rulesFile } from '../../../src/falco/generate/index.ts'
import { loadRules, Ruleset } from '../../../src/falco/index.ts'
import type { Json } from '../../../src/residual/residual.ts'
import { EvaluationError, Policy } from '../../../src/rego/policy.ts'
import type { ProvedEvent } from '../../../src/audit/proved.ts'
import { messagesOf } from '../../../src/toolchain/residuals.ts'
import { sharedRules } from '../../../src/toolchain/shared-rules.ts'
import { standardSchema } from '../../../src/toolchain/standard.ts'
import type { Pack } from '../../support/pack.ts'

/** The guardrails of the pack in WASM, and their generated rules, both with the same data. */
export class Parity {
  readonly generated: Generated
  readonly schema: Json
  /** How often each guardrail with an exact rule found something. */
  readonly found: Map<string, number>
  readonly #policy: Policy
  readonly #rules: Ruleset
  readonly #exact: ReadonlySet<string>
  readonly #widened: ReadonlySet<string>

  private constructor(generated: Generated, schema: Json, policy: Policy) {
    this.generated = generated
    this.schema = schema
    this.#policy = policy
    const { compilation } = loadRules([{ file: 'generated', text: rulesFile(generated) }])
    this.#rules = new Ruleset(compilation!)
    const idsOf = (kind: string): string[] =>
      generated.outcomes.flatMap((one) => (one.kind === kind ? [one.guardrail.id] : []))
    this.#exact = new Set([...idsOf('exact'), ...idsOf('off')])
    this.#widened = new Set(idsOf('widened'))
    this.found = new Map([...this.#exact].map((id) => [id, 0]))
  }

  static async open({ toolchain, compiled }: Pack, data: Json): Promise<Parity> {
    const schema = (await standardSchema()) as Json
    const generated = generateRules({
      guardrails: compiled.guardrails,
      residuals: compiled.residuals,
      messages: await messagesOf(toolchain, compiled.policy, compiled.guardrails),
      shared: await sharedRules(toolchain, compiled.policy),
      data,
      schema,
      prefix: 'parapet',
    })
    return new Parity(generated, schema, await Policy.load(compiled.wasm, { data }))
  }

  /**
   * Fails where an exact rule fires and its guardrail does not, or a guardrail finds something and
   * its rule does not fire. Events that Falco skips, because they have no time, count for neither.
   */
  check(event: Uint8Array): void {
    if (!Buffer.from(event).includes('"stageTimestamp"')) return
    const proved = admit(event, 0, event.length, () => {})
    const ids = proved && this.#violations(proved)
    if (!ids) return
    const tags = this.#rules.evaluate(event).flatMap((match) => match.tags)
    const all = tags
      .filter((tag) => tag.startsWith('parapet_'))
      .map((tag) => tag.slice('parapet_'.length))
    const fired = all.filter((id) => this.#exact.has(id))
    const wanted = [...ids].filter((id) => this.#exact.has(id))
    const missed = [...ids].filter((id) => this.#widened.has(id) && !all.includes(id))
    assert.deepEqual(missed, [], Buffer.from(event).toString())
    for (const id of wanted) this.found.set(id, this.found.get(id)! + 1)
    assert.deepEqual(fired.sort(), wanted.sort(), Buffer.from(event).toString())
  }

  /** Undefined where OPA has no answer. */
  #violations(event: ProvedEvent): ReadonlySet<string> | undefined {
    try {
      const entrypoint = this.#policy.entrypoint('guardrails/violations')
      const decided = (this.#policy.decide(entrypoint, event) ?? []) as readonly { id: string }[]
      return new Set(decided.map(({ id }) => id))
    } catch (error) {
      if (error instanceof EvaluationError) return undefined
      throw error
    }
  }
}
