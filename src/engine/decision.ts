import type { ProvedEvent } from '../audit/proved.ts'
import { EvaluationError, type Policy } from '../rego/policy.ts'
import { type JsonObject, objectOf, textsOf } from '../text/json.ts'
import type { Indexed } from '../rego/event-index.ts'
import type { Evaluator, Match } from './evaluator.ts'
import type { RuleInfo } from './rule-info.ts'
import { parsePriority, type Priority } from './finding.ts'

const NOTHING: readonly Match[] = []

/**
 * Priorities of rules that name none. Conftest's `warn` does not fail a run, so it stays under the
 * Warning that `--fail-on` starts at.
 */
const conftest: readonly { readonly rule: RegExp; readonly priority: Priority }[] = [
  { rule: /^(?:deny|violation)(?:_|$)/, priority: 'Error' },
  { rule: /^warn(?:_|$)/, priority: 'Notice' },
]
const DEFAULT_PRIORITY: Priority = 'Warning'

/**
 * A decision of Rego that was not written for Parapet: a set (or array) of strings, or of objects
 * with `msg` or `message` and, where there, `id` and `priority`. Or a package, of which Conftest's
 * `deny`, `violation` and `warn` rules are taken.
 */
export class DecisionEvaluator implements Evaluator {
  readonly name: string
  readonly rules: readonly RuleInfo[] = []
  readonly labels: undefined
  readonly parts: readonly Indexed[] | undefined
  readonly #policy: Policy
  readonly #path: string
  readonly #entrypoint: number

  /**
   * @param path the decision's slash path, `main/deny`, or a package's, `main`.
   * @param indexed when the set has an element, at most, and what it reads; undefined where unknown.
   */
  constructor(name: string, policy: Policy, path: string, indexed?: Indexed) {
    this.name = name
    this.parts = indexed && [indexed]
    this.#policy = policy
    this.#path = path
    this.#entrypoint = policy.entrypoint(path)
  }

  evaluate(event: ProvedEvent): readonly Match[] {
    const decision = this.#policy.decide(this.#entrypoint, event)
    if (decision === undefined) return NOTHING
    if (Array.isArray(decision)) return decision.map((item) => toMatch(this.#path, item))
    const rules = Object.entries(objectOf(decision))
      .filter(([rule]) => conftestPriority(rule))
      .sort(([a], [b]) => (a < b ? -1 : 1))
    if (rules.length > 0) {
      return rules.flatMap(([rule, set]) => {
        const path = `${this.#path}/${rule}`
        if (Array.isArray(set)) return set.map((item) => toMatch(path, item))
        throw notASet(path, set)
      })
    }
    throw notASet(this.#path, decision)
  }
}

function toMatch(path: string, item: unknown): Match {
  const fields: JsonObject = typeof item === 'string' ? { msg: item } : objectOf(item)
  const message = fields['message'] ?? fields['msg']
  if (typeof message !== 'string') {
    throw new EvaluationError(
      'VIOLATION_MALFORMED',
      `an element of \`${path}\` has no text in \`msg\` or \`message\``,
    )
  }
  const { id, title, priority, tags } = fields
  const rule = typeof id === 'string' && id !== '' ? id : path
  return {
    engine: 'rego',
    rule,
    title: typeof title === 'string' ? title : rule,
    priority:
      (typeof priority === 'string' && parsePriority(priority)) ||
      (conftestPriority(path.slice(path.lastIndexOf('/') + 1)) ?? DEFAULT_PRIORITY),
    message,
    tags: textsOf(tags),
  }
}

function conftestPriority(rule: string): Priority | undefined {
  return conftest.find((known) => known.rule.test(rule))?.priority
}

function notASet(path: string, value: unknown): EvaluationError {
  const what = value === null ? 'null' : typeof value
  return new EvaluationError(
    'DECISION_NOT_A_SET',
    `the decision \`${path}\` is ${what}, not a set of strings or objects`,
  )
}
