import { type LoadedPolicy, loadPolicy } from '@open-policy-agent/opa-wasm'
import { mergeData } from '../engine/merge-data.ts'
import { readViolations } from '../engine/guardrails.ts'
import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { PORTABLE_ENTRYPOINT } from '../rego/union.ts'
import { byData, type Engine, type GuardrailQuestion } from './engine.ts'

/** The stock SDK for JavaScript, which users of our bundles run in services of their own. */
export class SdkEngine implements Engine<GuardrailQuestion> {
  readonly name = 'sdk'
  readonly #policy: LoadedPolicy
  readonly #guardrails: ReadonlyMap<string, GuardrailMetadata>
  readonly #data: unknown

  private constructor(
    policy: LoadedPolicy,
    guardrails: ReadonlyMap<string, GuardrailMetadata>,
    data: unknown,
  ) {
    this.#policy = policy
    this.#guardrails = guardrails
    this.#data = data
  }

  static async load(
    wasm: Uint8Array,
    guardrails: readonly GuardrailMetadata[],
    data: unknown,
  ): Promise<SdkEngine> {
    const byId = new Map(guardrails.map((guardrail) => [guardrail.id, guardrail]))
    return new SdkEngine(await loadPolicy(wasm), byId, data)
  }

  async answer(questions: readonly GuardrailQuestion[]): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = []
    for (const positions of byData(questions).values()) {
      const { data } = questions[positions[0]!]!
      this.#policy.setData(mergeData(this.#data, data ?? {}) as object)
      for (const position of positions) verdicts[position] = this.#verdict(questions[position]!)
    }
    return verdicts
  }

  #verdict({ subject, event }: GuardrailQuestion): Verdict {
    const entrypoint = subject.kind === 'union' ? PORTABLE_ENTRYPOINT : subject.guardrail.entrypoint
    // A Buffer would be taken for an object of its bytes, and anything but JSON for no event at all.
    const input = JSON.parse(Buffer.from(event).toString()) as unknown
    try {
      const [first] = this.#policy.evaluate(input, entrypoint) as { result: unknown }[]
      return { matches: readViolations(first?.result, this.#guardrails) }
    } catch (error) {
      return { problem: { code: 'SDK_FAILED', message: messageOf(error) } }
    }
  }
}

/** The SDK throws texts, and objects that are no errors. */
function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  const { message } = (thrown ?? {}) as { readonly message?: unknown }
  return typeof message === 'string' ? message : JSON.stringify(thrown)
}
