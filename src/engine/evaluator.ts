import type { ProvedEvent } from '../audit/proved.ts'
import type { Indexed } from '../rego/event-index.ts'
import type { Watcher } from './blind-spots.ts'
import type { Exceptions } from './exceptions.ts'
import type { Priority } from './finding.ts'
import type { RuleInfo } from './rule-info.ts'

/** What an engine says of one event, before the event's own fields are joined to it. */
export interface Match {
  readonly engine: 'rego' | 'falco'
  readonly rule: string
  readonly title: string
  readonly priority: Priority
  /** As the engine wrote it: not yet redacted. */
  readonly message: string
  readonly tags: readonly string[]
  readonly source?: string
  readonly output_fields?: Readonly<Record<string, unknown>>
}

/** A guardrail set or a Falco ruleset: maps an event to matches. */
export interface Evaluator {
  /** Where it came from, for messages: `builtin`, a path. */
  readonly name: string
  /** What it looks for, as far as that is known beforehand. */
  readonly rules: readonly RuleInfo[]
  /** Ids and tags that its matches can carry; undefined where that is not known beforehand. */
  readonly labels: ReadonlySet<string> | undefined
  /**
   * What it can evaluate apart, with what is known of each. Absent where nothing is known: every
   * event is evaluated then.
   */
  readonly parts?: readonly Indexed[] | undefined
  /** What of its findings is accepted; `evaluate` gives those all the same. */
  readonly exceptions?: Exceptions
  /** Its rules by what has to be logged for them, as far as that is known. */
  readonly watchers?: readonly Watcher[]
  /**
   * Which of some parts match, asked of what those read. Where an evaluator answers this, it is asked
   * before it evaluates, and evaluates whole events only: it may read more to say what it found.
   */
  matching?(input: ProvedEvent, parts: readonly number[]): readonly number[]
  /**
   * @param event with `parts` perhaps only what those read of it: where all of them say what that is,
   *   and there is no `matching`
   * @param parts positions in `parts`, which alone may be evaluated: the others certainly do not match
   *   the event, but might match what is left of it. All by default.
   * @throws EvaluationError where the event could not be judged; it is then incomplete, never clean.
   */
  evaluate(event: ProvedEvent, parts?: readonly number[]): readonly Match[]
}
