import { packageOf } from '../bundle/package.ts'
import { mergeData } from '../engine/merge-data.ts'
import { readViolations } from '../engine/guardrails.ts'
import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { EvaluationError } from '../rego/policy.ts'
import { UNION_ENTRYPOINT } from '../rego/union.ts'
import type { Json } from '../residual/residual.ts'
import { valueAt } from '../residual/value.ts'
import type { Engine, GuardrailQuestion } from '../testing/engine.ts'
import type { Evaluation } from './evaluator.ts'
import { putPaths } from './put-paths.ts'
import { type PolicySources, wirePolicy } from './sources.ts'
import type { Toolchain } from './toolchain.ts'

export interface OpaGuardrails {
  /** With the generated union. */
  readonly policy: PolicySources
  readonly guardrails: readonly GuardrailMetadata[]
  readonly data: unknown
}

/**
 * OPA's own evaluator, which all other engines answer to. One query serves all guardrails: the input
 * says which one is asked, and brings the event and the data. Answers are kept as compiled results are.
 */
export class OpaEngine implements Engine<GuardrailQuestion> {
  readonly name = 'opa'
  readonly #toolchain: Toolchain
  readonly #policy: PolicySources
  readonly #guardrails: ReadonlyMap<string, GuardrailMetadata>
  readonly #data: unknown
  readonly #packages: readonly (readonly string[])[]

  constructor(toolchain: Toolchain, { policy, guardrails, data }: OpaGuardrails) {
    this.#toolchain = toolchain
    this.#policy = policy
    this.#guardrails = new Map(guardrails.map((guardrail) => [guardrail.id, guardrail]))
    this.#data = data
    this.#packages = policy.modules.flatMap(({ text }) => {
      const names = packageOf(text)
      return names ? [names] : []
    })
  }

  async answer(questions: readonly GuardrailQuestion[]): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = []
    for (const [query, positions] of this.#byQuery(questions)) {
      const inputs = positions.map((position) => this.#input(questions[position]!))
      const answers = await this.#ask(query, inputs)
      for (const [index, position] of positions.entries()) {
        verdicts[position] = this.#verdict(answers[index]!)
      }
    }
    return verdicts
  }

  #byQuery(questions: readonly GuardrailQuestion[]): Map<string, number[]> {
    const groups = new Map<string, number[]>()
    for (const [position, { subject, data }] of questions.entries()) {
      const query = queryOf(subject.kind, putPaths(data ?? {}, this.#packages))
      groups.set(query, [...(groups.get(query) ?? []), position])
    }
    return groups
  }

  /** As text, so that the event keeps its bytes. */
  #input({ subject, event, data = {} }: GuardrailQuestion): string {
    const entrypoint = subject.kind === 'union' ? UNION_ENTRYPOINT : subject.guardrail.entrypoint
    const merged = mergeData(this.#data, data) as Json
    const put = putPaths(data, this.#packages).map((names) => valueAt(merged, names))
    const path = JSON.stringify(entrypoint.split('/'))
    return `{"path": ${path}, "data": ${JSON.stringify(put)}, "event": ${Buffer.from(event).toString()}}`
  }

  #ask(query: string, inputs: readonly string[]): Promise<readonly Answer[]> {
    return this.#toolchain.remember(
      ['answers', wirePolicy(this.#policy), query, inputs],
      async () => {
        const evaluator = await this.#toolchain.prepare(this.#policy, query)
        try {
          return (await evaluator.evaluate(inputs.map((input) => Buffer.from(input)))).map(answerOf)
        } finally {
          await evaluator.close()
        }
      },
    )
  }

  #verdict({ violations, problem }: Answer): Verdict {
    if (problem !== undefined) return { problem: { code: 'OPA_FAILED', message: problem } }
    try {
      return { matches: readViolations(violations, this.#guardrails) }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      return { problem: { code: error.code, message: error.message } }
    }
  }
}

/** What is kept of an evaluation. */
interface Answer {
  readonly violations?: unknown
  readonly problem?: string
}

function answerOf({ results, diagnostics }: Evaluation): Answer {
  if (diagnostics[0]) return { problem: diagnostics[0].message }
  return { violations: results[0]?.bindings?.['violations'] }
}

/** What `with` puts in must be known before it replaces the input. */
function queryOf(kind: 'guardrail' | 'union', paths: readonly (readonly string[])[]): string {
  const path = kind === 'union' ? '[path[1]]' : '[path[1]][path[2]].violation'
  const put = paths.map((names, index) => {
    const place = names.map((name) => `[${JSON.stringify(name)}]`).join('')
    return ` with data${place} as put[${index}]`
  })
  return [
    'path := input.path; put := input.data; event := input.event',
    `violations := data.guardrails${path} with input as event${put.join('')}`,
  ].join('; ')
}
