import type { ProvedEvent } from '../audit/proved.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { EvaluationError, type Policy } from '../rego/policy.ts'
import { objectOf, textsOf } from '../text/json.ts'
import type { GuardrailResidual } from '../residual/residual.ts'
import type { Watcher } from './blind-spots.ts'
import type { Evaluator, Match } from './evaluator.ts'
import { Exceptions } from './exceptions.ts'
import { parsePriority } from './finding.ts'
import type { RuleInfo } from './rule-info.ts'

const NOTHING: readonly Match[] = []

/** The decision that everyone asks for: the union over all guardrails. */
export const UNION = 'guardrails/violations'

/**
 * Guardrails with METADATA, evaluated through their union; or, where it is known which of them can
 * match, those alone, which their own entrypoints give.
 */
export class GuardrailEvaluator implements Evaluator {
  readonly name: string
  readonly labels: ReadonlySet<string>
  readonly rules: readonly RuleInfo[]
  readonly exceptions: Exceptions
  readonly #policy: Policy
  readonly #entrypoint: number
  readonly #guardrails: readonly GuardrailMetadata[]
  readonly #byId: ReadonlyMap<string, GuardrailMetadata>
  readonly #readResiduals: () => readonly GuardrailResidual[] | undefined
  #residuals: readonly GuardrailResidual[] | undefined | 'unread' = 'unread'
  #partEntrypoints: readonly number[] | undefined

  /**
   * @param policy with its data, but `withoutExceptions`
   * @param readResiduals gives those of all guardrails, after `bindData`; without them nothing can be
   *   ruled out. Called once, and only where they are needed: few events are evaluated sooner.
   * @param data that of the policy, exceptions included
   */
  constructor(
    name: string,
    policy: Policy,
    guardrails: readonly GuardrailMetadata[],
    readResiduals: () => readonly GuardrailResidual[] | undefined,
    data?: unknown,
  ) {
    this.name = name
    this.#readResiduals = readResiduals
    this.rules = guardrails.map(ruleInfo)
    this.#guardrails = guardrails
    this.labels = new Set(guardrails.flatMap(({ id, tags }) => [id, ...tags]))
    this.exceptions = new Exceptions(data)
    this.#policy = policy
    this.#entrypoint = policy.entrypoint(UNION)
    this.#byId = new Map(guardrails.map((guardrail) => [guardrail.id, guardrail]))
  }

  get parts(): readonly GuardrailResidual[] | undefined {
    if (this.#residuals === 'unread') this.#residuals = this.#readResiduals()
    return this.#residuals
  }

  get watchers(): readonly Watcher[] {
    return (this.parts ?? []).flatMap(({ entrypoint, residual }) => {
      const guardrail = this.#guardrails.find((one) => one.entrypoint === entrypoint)
      return guardrail ? [{ rule: guardrail.id, residual }] : []
    })
  }

  evaluate(event: ProvedEvent, parts?: readonly number[]): readonly Match[] {
    // Never the union in place of some parts: on what those read, the others would decide wrongly.
    const entrypoints = parts?.map((part) => this.#entrypointOf(part)) ?? [this.#entrypoint]
    const matches = entrypoints.flatMap((entrypoint) => this.#decide(entrypoint, event))
    return matches.length > 1 ? matches.sort(byRule) : matches
  }

  #entrypointOf(part: number): number {
    this.#partEntrypoints ??= this.parts!.map(({ entrypoint }) =>
      this.#policy.entrypoint(entrypoint),
    )
    return this.#partEntrypoints[part]!
  }

  #decide(entrypoint: number, event: ProvedEvent): readonly Match[] {
    return readViolations(this.#policy.decide(entrypoint, event), this.#byId)
  }
}

/**
 * The matches in a set of violations, whoever evaluated it; undefined is the empty set.
 * @param guardrails by their ids
 * @throws EvaluationError `VIOLATION_MALFORMED`
 */
export function readViolations(
  decision: unknown,
  guardrails: ReadonlyMap<string, GuardrailMetadata>,
): readonly Match[] {
  if (decision === undefined) return NOTHING
  if (!Array.isArray(decision)) throw malformed('the violations are not a set')
  return decision.map((violation) => readViolation(violation, guardrails))
}

function readViolation(
  violation: unknown,
  guardrails: ReadonlyMap<string, GuardrailMetadata>,
): Match {
  const { id, priority, message, tags } = objectOf(violation)
  if (typeof id !== 'string' || typeof message !== 'string' || id === '' || message === '') {
    throw malformed('a violation is not an object of non-empty id, priority and message')
  }
  const level = typeof priority === 'string' ? parsePriority(priority) : undefined
  if (!level) throw malformed(`guardrail \`${id}\` gave a priority that does not exist`)
  const guardrail = guardrails.get(id)
  return {
    engine: 'rego',
    rule: id,
    title: guardrail?.title ?? id,
    priority: level,
    message,
    tags: [...(guardrail?.tags ?? []), ...textsOf(tags)],
  }
}

/** The elements of a set have no order, and those of several sets least of all. */
function byRule(a: Match, b: Match): number {
  if (a.rule !== b.rule) return a.rule < b.rule ? -1 : 1
  return a.message < b.message ? -1 : Number(a.message > b.message)
}

function malformed(reason: string): EvaluationError {
  return new EvaluationError('VIOLATION_MALFORMED', reason)
}

/** The parts of METADATA `custom` that explain a guardrail, and their headings. */
const noteHeadings: Readonly<Record<string, string>> = {
  why: 'Why it matters',
  benign: 'What benign activity looks like it',
  evasions: 'Evasions',
}

function ruleInfo(guardrail: GuardrailMetadata): RuleInfo {
  const { id, title, description, priority, tags, controls, references, custom } = guardrail
  const notes = Object.entries(noteHeadings).flatMap(([key, heading]) => {
    const text = custom[key]
    return typeof text === 'string' ? [[heading, text.trim()] as const] : []
  })
  return {
    id,
    engine: 'rego',
    title,
    description,
    priority,
    tags,
    controls,
    references,
    notes: Object.fromEntries(notes),
  }
}
