import type { EventSink } from '../audit/split.ts'
import type { TrustPolicy } from '../bundle/trust.ts'
import { Baseline, type KnownFinding } from '../engine/baseline.ts'
import { compileFilter, type EventFilter } from '../engine/filter.ts'
import { BlindSpots } from '../engine/blind-spots.ts'
import type { Evaluator } from '../engine/evaluator.ts'
import type { Exception } from '../engine/exceptions.ts'
import type { Finding } from '../engine/finding.ts'
import type { RuleMatching } from '../falco/index.ts'
import type { ScanSummary } from '../engine/counts.ts'
import type { RuleInfo } from '../engine/rule-info.ts'
import { Scan } from '../engine/scan.ts'
import { Sample } from '../engine/sample.ts'
import { compileSelection } from '../engine/select.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { DEDUP_AUDIT_IDS } from '../text/limits.ts'
import type { Priority } from '../text/priority.ts'
import { type Input, openInputs } from './inputs.ts'
import { loadEvaluators } from './policies.ts'
import { readEvents, sizeOf } from './read-events.ts'

export interface ScanOptions {
  /** Folders, .rego files, bundles or `builtin`; the built-in pack where none is given. */
  readonly policies?: readonly string[]
  /** JSON or YAML files merged over the default data, in order. */
  readonly data?: readonly string[]
  /** Decisions (slash paths) of Rego that was not written for Parapet. */
  readonly decisions?: readonly string[]
  /** Falco rules files or folders of them. With these, the built-in pack runs only where it is named. */
  readonly falco?: readonly string[]
  /** Whether all Falco rules that match an event report it (default), or only the first. */
  readonly ruleMatching?: RuleMatching
  /** Whose bundles are accepted; every policy but `builtin` must then be a bundle that they signed. */
  readonly trust?: TrustPolicy | undefined
  /** Guardrail ids, rule names or tags. */
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly minPriority?: Priority
  /** RFC 3339 or a duration back from now; inclusive. */
  readonly since?: string
  /** The same; exclusive. */
  readonly until?: string
  /** `KEY=GLOB[,GLOB]` or `KEY!=GLOB`. */
  readonly where?: readonly string[]
  /** Keeps the findings of every stage of a request. */
  readonly everyStage?: boolean
  /** A file of findings that are known, which `parapet baseline` writes: they are counted apart. */
  readonly baseline?: string
  /** Requests remembered to drop repeats. */
  readonly dedupWindow?: number
  /** False gives texts as the engines wrote them, secrets included. */
  readonly redact?: boolean
  /** False evaluates every event, whether or not it can match: slow, and the same findings. */
  readonly index?: boolean
  /** Cap of one policy's memory, in bytes. */
  readonly maxMemoryBytes?: number
  /** The folder that relative paths are read from; the process's own by default. */
  readonly cwd?: string
  /** Where caches are looked for; the process's own by default. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly signal?: AbortSignal
  /** Receives each line or event that could not be judged. */
  readonly onIncomplete?: (diagnostic: LocatedDiagnostic) => void
  /** Called now and then with the bytes read so far, as stored. */
  readonly onProgress?: (position: number) => void
  /** Receives what a user should know and what is no error, such as files that were passed over. */
  readonly onNotice?: (text: string) => void
}

/**
 * Scans audit logs. Everything that can be wrong with the request itself (paths, policies, data,
 * options) is thrown here; reading begins when the result is iterated.
 *
 * @param inputs files, folders of rotated logs, globs, `-` for standard input
 * @throws ParapetError
 */
export async function scan(inputs: readonly string[], options: ScanOptions = {}): Promise<ScanRun> {
  const cwd = options.cwd ?? process.cwd()
  const filter = filterOf(options)
  const opened = await openInputs(inputs, { cwd, stdin: options.stdin ?? process.stdin })
  for (const notice of opened.notices) options.onNotice?.(notice)
  const evaluators = await allEvaluators(options, cwd)
  const baseline =
    options.baseline === undefined ? undefined : await loadBaseline(options.baseline, cwd)
  const select = compileSelection(options.only ?? [], options.skip ?? [], evaluators)
  const pending: Judged[] = []
  const core = new Scan(
    evaluators,
    {
      filter,
      select,
      minPriority: options.minPriority,
      dedupWindow: options.everyStage ? 0 : (options.dedupWindow ?? DEDUP_AUDIT_IDS),
      redact: options.redact ?? true,
      index: options.index,
    },
    {
      finding: (finding) => pending.push({ finding, exception: undefined }),
      excepted: (finding, exception) => pending.push({ finding, exception }),
      incomplete: (diagnostic) => options.onIncomplete?.(diagnostic),
    },
  )
  const rules = evaluators.flatMap((evaluator) => evaluator.rules)
  const blindSpots = watch(evaluators, select)
  return new ScanRun(opened.inputs, core, pending, rules, options, { baseline, blindSpots })
}

/** @throws ParapetError `USAGE` */
export function filterOf({
  since,
  until,
  where,
}: Pick<ScanOptions, 'since' | 'until' | 'where'>): EventFilter | undefined {
  return compileFilter({
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(where === undefined ? {} : { where }),
    now: Date.now() * 1000,
  })
}

async function allEvaluators(options: ScanOptions, cwd: string): Promise<Evaluator[]> {
  const { falco = [], policies = [], ruleMatching, onNotice } = options
  const evaluators: Evaluator[] = []
  // A key to verify with needs a bundle to verify; rules files have no signature.
  if (falco.length === 0 || policies.length > 0 || options.trust) {
    evaluators.push(...(await loadEvaluators({ ...options, cwd })))
  }
  if (falco.length > 0) {
    const { loadFalcoRules } = await import('./falco.ts')
    evaluators.push(await loadFalcoRules({ files: falco, ruleMatching, cwd, onNotice }))
  }
  return evaluators
}

/** Looks out for what the selected guardrails cannot see. */
function watch(
  evaluators: readonly Evaluator[],
  select: ReturnType<typeof compileSelection>,
): BlindSpots | undefined {
  const guardrails = evaluators
    .flatMap(({ rules }) => rules)
    .filter(({ engine, id, tags }) => engine === 'rego' && (!select || select({ rule: id, tags })))
  const ids = new Set(guardrails.map(({ id }) => id))
  const watchers = evaluators
    .flatMap((evaluator) => evaluator.watchers ?? [])
    .filter(({ rule }) => ids.has(rule))
  return watchers.length > 0 ? new BlindSpots(watchers, guardrails.length) : undefined
}

async function loadBaseline(file: string, cwd: string): Promise<Baseline> {
  const { readBaselineFile } = await import('./baseline.ts')
  return new Baseline(await readBaselineFile(file, cwd), file)
}

/** A finding, and the exception that covers it, where one does. */
interface Judged {
  readonly finding: Finding
  readonly exception: Exception | undefined
}

/** Besides, the entry of the baseline that knows the finding, where no exception covers it. */
export interface ScanResult extends Judged {
  readonly known: KnownFinding | undefined
}

/** A scan under way: iterate it for the findings that are neither excepted nor known, then read its summary. */
export class ScanRun implements AsyncIterable<Finding> {
  /** Bytes of all inputs as stored; undefined where one has no size. */
  readonly size: number | undefined
  /** What is looked for, as far as that is known beforehand. */
  readonly rules: readonly RuleInfo[]
  readonly #inputs: readonly Input[]
  readonly #core: Scan
  readonly #pending: Judged[]
  readonly #options: ScanOptions
  readonly #baseline: Baseline | undefined
  readonly #blindSpots: BlindSpots | undefined
  readonly #sample: Sample
  readonly #knownByPriority: Partial<Record<Priority, number>> = {}
  #bytes = 0
  #started = 0
  #seconds = 0

  constructor(
    inputs: readonly Input[],
    core: Scan,
    pending: Judged[],
    rules: readonly RuleInfo[],
    options: ScanOptions,
    beside: {
      readonly baseline: Baseline | undefined
      readonly blindSpots: BlindSpots | undefined
    },
  ) {
    this.#baseline = beside.baseline
    this.#blindSpots = beside.blindSpots
    this.#sample = new Sample((event) => this.#blindSpots?.add(event))
    this.#inputs = inputs
    this.#core = core
    this.#pending = pending
    this.#options = options
    this.rules = rules
    this.size = sizeOf(inputs)
  }

  /** Bytes read so far, as stored (before unpacking). */
  get position(): number {
    return this.#inputs.reduce((sum, input) => sum + input.position, 0)
  }

  /** Complete once the iteration has ended. */
  get summary(): ScanSummary {
    const summary = this.#core.summary(this.#bytes, this.#seconds)
    const blindSpots = this.#blindSpots?.found() ?? []
    return {
      ...summary,
      ...this.#withoutKnown(summary),
      ...(blindSpots.length > 0 ? { blindSpots } : {}),
    }
  }

  #withoutKnown(summary: ScanSummary): Partial<ScanSummary> {
    const baseline = this.#baseline?.summary()
    if (!baseline) return {}
    const byPriority = Object.entries(summary.byPriority).map(([priority, count]) => [
      priority,
      count - (this.#knownByPriority[priority as Priority] ?? 0),
    ])
    return {
      findings: summary.findings - baseline.findings,
      byPriority: Object.fromEntries(byPriority.filter(([, count]) => count !== 0)),
      baseline,
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Finding, void, undefined> {
    for await (const results of this.batches()) {
      for (const { finding, exception, known } of results) {
        if (!exception && !known) yield finding
      }
    }
  }

  /**
   * The findings with those that are excepted or known, in input order, as many as there are at a time.
   * In place of iterating the run.
   */
  async *batches(): AsyncGenerator<readonly ScanResult[], void, undefined> {
    this.#started = performance.now()
    const { signal, onNotice, onProgress } = this.#options
    const watch = (sink: EventSink): EventSink => this.#sample.of(sink)
    const options = { signal, onNotice, onProgress, watch }
    for await (const bytes of readEvents(this.#inputs, this.#core, options)) {
      this.#bytes += bytes
      if (this.#pending.length > 0 || bytes === 0) yield this.#take()
    }
  }

  #take(): ScanResult[] {
    this.#seconds = (performance.now() - this.#started) / 1000
    return this.#pending.splice(0).map(({ finding, exception }) => {
      const known = exception ? undefined : this.#know(finding)
      return { finding, exception, known }
    })
  }

  #know(finding: Finding): KnownFinding | undefined {
    const known = this.#baseline?.know(finding)
    const counts = this.#knownByPriority
    if (known) counts[finding.priority] = (counts[finding.priority] ?? 0) + 1
    return known
  }
}
