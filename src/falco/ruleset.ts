import type { Priority } from '../text/priority.ts'
import { isoTime } from './event/time.ts'
import type { HostFacts } from './event/view.ts'
import { FieldStore } from './eval/store.ts'
import { renderFields, renderMessage } from './output/render.ts'
import {
  eventPath,
  type Opaque,
  type Path,
  type Residual,
  type ValueTest,
} from '../residual/residual.ts'
import { isOfTime, readsOf } from './residual/reads.ts'
import { RuleResiduals } from './residual/rule.ts'
import type { Compilation, CompiledRule } from './rules/compile.ts'
import { fieldsOfRule } from './rules/fields-used.ts'

/** `first`: only the first rule that matches an event. `all`: each. */
export type RuleMatching = 'first' | 'all'

export interface RulesetOptions extends HostFacts {
  /** Default `all`; Falco's own default is `first`. */
  readonly ruleMatching?: RuleMatching
}

/** A rule × an event, as Falco's alert has it. */
export interface RuleMatch {
  readonly rule: string
  readonly source: string
  readonly priority: Priority
  /** Sorted, as Falco prints them. */
  readonly tags: readonly string[]
  /** The formatted output, without time and priority. */
  readonly message: string
  readonly output_fields: Readonly<Record<string, unknown>>
  /** stageTimestamp in UTC with nanoseconds, RFC 3339. */
  readonly time: string
}

/** What an index needs to know of a rule. */
export interface RuleResidual {
  /** Where it does not hold, the rule does not match. */
  readonly residual: Residual
  /** Answers for the residual's opaque literals that look at one value. */
  readonly valueTest: (literal: Opaque) => ValueTest | undefined
  /** All that its condition depends on; undefined for the whole event. */
  readonly reads: readonly Path[] | undefined
  /** Paths of which counts only whether something is there. */
  readonly presence: readonly Path[]
  /** The condition says the same of the same values whenever it is asked. */
  readonly pure: true
}

type RunnableRule = CompiledRule & Required<Pick<CompiledRule, 'program' | 'template'>>

const NOTHING: readonly RuleMatch[] = []

/** Loaded rules, ready for events. */
export class Ruleset {
  /** Every rule that was loaded, in evaluation order, those that are not run included. */
  readonly rules: readonly CompiledRule[]
  readonly #runnable: readonly RunnableRule[]
  readonly #everyRule: readonly number[]
  readonly #store: FieldStore
  readonly #first: boolean
  /** Some field counts events, so each must be judged. */
  readonly #counts: boolean
  readonly #asksForTime: boolean
  readonly #host: HostFacts

  constructor({ rules, slots }: Compilation, options: RulesetOptions = {}) {
    this.rules = rules
    this.#runnable = rules.filter(isRunnable)
    this.#everyRule = [...this.#runnable.keys()]
    this.#store = new FieldStore(slots, options)
    this.#host = options
    this.#first = options.ruleMatching === 'first'
    this.#asksForTime = slots.slots.some(({ field }) => isOfTime(field))
    this.#counts = slots.slots.some(({ field }) => /^evt\.(?:num|reltime)/.test(field.info.name))
  }

  /**
   * The rules that match an event, in order.
   *
   * @param event proved to be one JSON object. A view: it is not kept.
   * @param candidates positions in `residuals` of the rules that may match; all by default.
   * @returns none for what Falco would skip: another kind, or no stageTimestamp. An event without a
   *   kind counts, because in an EventList, where they have none, it does.
   */
  evaluate(
    event: Uint8Array,
    candidates: readonly number[] = this.#everyRule,
  ): readonly RuleMatch[] {
    const store = this.#store
    store.reset(event)
    if (!this.#judge()) return NOTHING
    const matches: RuleMatch[] = []
    for (const candidate of candidates) {
      const rule = this.#runnable[candidate]!
      if (!rule.program(store)) continue
      matches.push(this.#match(rule))
      if (this.#first) break
    }
    return matches
  }

  /**
   * Those of some rules whose conditions hold, asked of an event that has perhaps nothing but what
   * they read. Whether Falco would count the event is not asked.
   */
  matching(event: Uint8Array, candidates: readonly number[]): readonly number[] {
    const store = this.#store
    store.reset(event)
    if (this.#asksForTime && store.view.time === undefined) return candidates
    const matching: number[] = []
    for (const candidate of candidates) {
      if (!this.#runnable[candidate]!.program(store)) continue
      matching.push(candidate)
      if (this.#first) break
    }
    return matching
  }

  /** Whether Falco would ask its rules about an event: see `evaluate`. */
  counts(event: Uint8Array): boolean {
    this.#store.reset(event)
    return this.#store.view.isEvent
  }

  /**
   * For each rule that is run, in evaluation order, when it can match and what it reads, for an index
   * to rule events out. Undefined where every event must be judged, because a rule counts them.
   */
  get residuals(): readonly RuleResidual[] | undefined {
    if (this.#counts) return undefined
    const residuals = new RuleResiduals(this.#host)
    return this.#runnable.map((rule) => ({
      residual: residuals.of(rule),
      valueTest: (literal) => residuals.valueTest(literal),
      reads: readsOf(fieldsOfRule(rule)),
      // Without it the fields of k8saudit have no values.
      presence: [eventPath('auditID')],
      pure: true,
    }))
  }

  /** Counts the event, if Falco would. */
  #judge(): boolean {
    const { view } = this.#store
    if (!view.isEvent) return false
    if (this.#counts) view.count()
    return true
  }

  #match({ definition, template }: RunnableRule): RuleMatch {
    const { name, source, priority, tags } = definition
    const store = this.#store
    return {
      rule: name,
      source,
      priority,
      tags: [...tags].sort(),
      message: renderMessage(template, store),
      output_fields: renderFields(template, store),
      time: isoTime(store.view.time!),
    }
  }
}

function isRunnable(rule: CompiledRule): rule is RunnableRule {
  return rule.definition.enabled && rule.program !== undefined && rule.template !== undefined
}
