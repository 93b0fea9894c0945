import type { ProvedEvent } from '../audit/proved.ts'
import { EvaluationError, type Policy } from '../rego/policy.ts'
import { objectOf, type JsonObject, textsOf } from '../text/json.ts'
import type { Evaluator, Match } from './evaluator.ts'
import { parsePriority, type Priority } from './finding.ts'

const NOTHING: readonly Match[] = []

/**
 * Priorities of rules that name none. Conftest's `warn` does not fail a run, so it stays under the
 * Warning that `--fail-on` starts at.
 */
const defaultPriorities: Readonly<Record<string, Priority>> = {
  deny: 'Error',
  violation: 'Error',
  warn: 'Notice',
}

/** The Conftest rules that are asked for together when a whole package is named. */
export const conftestRules: readonly string[] = ['deny', 'violation', 'warn']

/**
 * A decision of Rego that was not written for Parapet: a set (or array) of strings, or of objects
 * with `msg` or `message` and, where there, `id` and `priority`.
 */
export class DecisionEvaluator implements Evaluator {
  readonly name: string
  readonly #policy: Policy
  readonly #path: string
  readonly #entrypoint: number
  readonly #priority: Priority

  /** @param path the decision's slash path, `main/deny`. */
  constructor(name: string, policy: Policy, path: string) {
    this.name = name
    this.#policy = policy
    this.#path = path
    this.#entrypoint = policy.entrypoint(path)
    const rule = path.slice(path.lastIndexOf('/') + 1)
    const conftest = conftestRules.find((known) => rule === known || rule.startsWith(`${known}_`))
    this.#priority = defaultPriorities[conftest ?? ''] ?? 'Warning'
  }

  evaluate(event: ProvedEvent): readonly Match[] {
    const decision = this.#policy.decide(this.#entrypoint, event)
    if (decision === undefined) return NOTHING
    if (Array.isArray(decision)) return decision.map((item) => this.#match(item))
    throw new EvaluationError(
      'DECISION_NOT_A_SET',
      `the decision \`${this.#path}\` is ${typeof decision}, not a set of strings or objects`,
    )
  }

  #match(item: unknown): Match {
    const fields: JsonObject = typeof item === 'string' ? { msg: item } : objectOf(item)
    const message = fields['message'] ?? fields['msg']
    if (typeof message !== 'string') {
      throw new EvaluationError(
        'VIOLATION_MALFORMED',
        `an element of \`${this.#path}\` has no text in \`msg\` or \`message\``,
      )
    }
    const { id, title, priority, tags } = fields
    const rule = typeof id === 'string' && id !== '' ? id : this.#path
    return {
      engine: 'rego',
      rule,
      title: typeof title === 'string' ? title : rule,
      priority: (typeof priority === 'string' && parsePriority(priority)) || this.#priority,
      message,
      tags: textsOf(tags),
    }
  }
}
