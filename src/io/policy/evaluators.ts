import { DecisionEvaluator } from '../../engine/decision.ts'
import type { Evaluator } from '../../engine/evaluator.ts'
import { withoutExceptions } from '../../engine/exceptions.ts'
import { GuardrailEvaluator, UNION } from '../../engine/guardrails.ts'
import { decisionPath } from '../../rego/decision-path.ts'
import type { GuardrailMetadata } from '../../rego/metadata.ts'
import { Policy } from '../../rego/policy.ts'
import { bindGuardrails } from '../../residual/bind.ts'
import { readResiduals } from '../../residual/decode.ts'
import type { EncodedResiduals } from '../../residual/encode.ts'
import type { GuardrailResidual, Json } from '../../residual/residual.ts'
import { ParapetError } from '../../text/error.ts'
import { environment } from './environment.ts'
import type { FalcoSource } from './falco.ts'

/** What an evaluator is made of: values and compiled code, which can be given to other threads. */
export type EvaluatorSource = PolicySource | FalcoSource

/** Compiled Rego: guardrails, or where there is a decision Rego that was not written for Parapet. */
export interface PolicySource {
  readonly kind: 'policy'
  readonly name: string
  readonly module: WebAssembly.Module
  readonly data: unknown
  readonly memoryBytesMax: number
  readonly guardrails: readonly GuardrailMetadata[]
  /**
   * Of the guardrails, or of the decision; undefined where nothing is known. Those that come with
   * Parapet are read when they are needed, which takes longer than to evaluate a few events.
   */
  readonly residuals: readonly GuardrailResidual[] | EncodedResiduals | undefined
  /** As the user names it: `main/deny`, `data.main.deny`. */
  readonly decision?: string
}

/**
 * Makes an evaluator for the thread that this is called in.
 *
 * @param onNotice receives what a user should know and what is no error
 * @throws ParapetError for whatever is wrong with the source
 */
export async function makeEvaluator(
  source: EvaluatorSource,
  onNotice?: (text: string) => void,
): Promise<Evaluator> {
  if (source.kind === 'falco') {
    const { makeFalcoEvaluator } = await import('./falco.ts')
    return makeFalcoEvaluator(source, onNotice)
  }
  const { name, module, data, memoryBytesMax, guardrails, decision } = source
  const load = (known: unknown): Promise<Policy> =>
    Policy.load(module, { ...environment, data: known, memoryBytesMax })
  if (decision !== undefined) {
    return decisionEvaluator(name, await load(data), decisionPath(decision), bound(source, data))
  }
  // Exceptions are applied to findings, which are then counted and listed.
  const known = withoutExceptions(data)
  const policy = await load(known)
  if (!policy.entrypoints.includes(UNION)) throw noUnion(name, policy.entrypoints)
  // What is wrong with another's bundle is said before anything is read.
  for (const { entrypoint } of readAlready(source)) policy.entrypoint(entrypoint)
  return new GuardrailEvaluator(name, policy, guardrails, () => bound(source, known), data)
}

function readAlready({ residuals = [] }: PolicySource): readonly GuardrailResidual[] {
  return 'version' in residuals ? [] : residuals
}

function bound({ residuals }: PolicySource, data: unknown): GuardrailResidual[] | undefined {
  const read = residuals && 'version' in residuals ? readResiduals(residuals) : residuals
  return read && bindGuardrails(read, data as Json)
}

/**
 * A decision that is no set has no residual: it would not be seen that there is nothing to find in
 * it. That of an event without members tells.
 */
function decisionEvaluator(
  name: string,
  policy: Policy,
  decision: string,
  residuals: readonly GuardrailResidual[] | undefined,
): DecisionEvaluator {
  const residual = residuals?.find(({ entrypoint }) => entrypoint === decision)
  const indexed =
    residual && policy.isCollection(policy.entrypoint(decision)) ? residual : undefined
  return new DecisionEvaluator(name, policy, decision, indexed)
}

function noUnion(source: string, entrypoints: readonly string[]): ParapetError {
  const known = entrypoints.map((name) => `\`${name}\``).join(', ')
  return new ParapetError('DECISION_MISSING', `\`${source}\` has no decision \`${UNION}\``, {
    file: source,
    help: `name one of its decisions with --decision: ${known}`,
  })
}
