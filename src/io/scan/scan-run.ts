import type { Baseline, KnownFinding } from '../../engine/baseline.ts'
import type { BlindSpots } from '../../engine/blind-spots.ts'
import type { ScanSummary } from '../../engine/counts.ts'
import type { Evaluator } from '../../engine/evaluator.ts'
import type { Exception } from '../../engine/exception.ts'
import type { Finding } from '../../engine/finding.ts'
import type { MatchRules } from '../../engine/matcher.ts'
import type { RuleInfo } from '../../engine/rule-info.ts'
import { Sample } from '../../engine/sample.ts'
import { Scan } from '../../engine/scan.ts'
import type { Priority } from '../../text/priority.ts'
import type { Cut } from './cut.ts'
import type { Input } from '../input/inputs.ts'
import { readEvents, sizeOf } from './read-events.ts'
import type { ScanOptions } from './scan.ts'
import { ScanThreads } from './scan-threads.ts'
import type { Wanted } from './wanted.ts'

/** A finding, and the exception that covers it, where one does. */
interface Judged {
  readonly finding: Finding
  /** The finding as JSON text, where that is at hand. */
  readonly json?: string
  readonly priority: Priority
  readonly exception: Exception | undefined
}

/** Besides, the entry of the baseline that knows the finding, where no exception covers it. */
export interface ScanResult extends Judged {
  readonly known: KnownFinding | undefined
}

/** What a run works with. */
export interface ScanParts {
  readonly wanted: Wanted
  readonly evaluators: readonly Evaluator[]
  readonly rules: MatchRules
  readonly dedupWindow: number
  readonly workers: number
  readonly cut: Cut
  readonly baseline: Baseline | undefined
  readonly blindSpots: BlindSpots | undefined
  readonly options: Pick<ScanOptions, 'signal' | 'onIncomplete' | 'onNotice' | 'onProgress'>
}

/** A scan under way: iterate it for the findings that are neither excepted nor known, then read its summary. */
export class ScanRun implements AsyncIterable<Finding> {
  /** Bytes of all inputs as stored; undefined where one has no size. */
  readonly size: number | undefined
  /** What is looked for, as far as that is known beforehand. */
  readonly rules: readonly RuleInfo[]
  readonly #inputs: readonly Input[]
  readonly #parts: ScanParts
  readonly #core: Scan
  readonly #knownByPriority: Partial<Record<Priority, number>> = {}
  #pending: Judged[] = []
  #bytes = 0
  #started = 0
  #seconds = 0

  constructor(inputs: readonly Input[], parts: ScanParts) {
    const { evaluators, rules, dedupWindow, options } = parts
    this.#inputs = inputs
    this.#parts = parts
    const add = (finding: Finding, exception: Exception | undefined): void => {
      this.#pending.push({ finding, priority: finding.priority, exception })
    }
    this.#core = new Scan(
      evaluators,
      { ...rules, dedupWindow },
      {
        finding: (finding) => add(finding, undefined),
        excepted: (finding, exception) => add(finding, exception),
        incomplete: (diagnostic) => options.onIncomplete?.(diagnostic),
      },
    )
    this.rules = evaluators.flatMap((evaluator) => evaluator.rules)
    this.size = sizeOf(inputs)
  }

  /** Bytes read so far, as stored (before unpacking). */
  get position(): number {
    return this.#inputs.reduce((sum, input) => sum + input.position, 0)
  }

  /** Complete once the iteration has ended. */
  get summary(): ScanSummary {
    const summary = this.#core.summary(this.#bytes, this.#seconds)
    const blindSpots = this.#parts.blindSpots?.found() ?? []
    return {
      ...summary,
      ...this.#withoutKnown(summary),
      ...(blindSpots.length > 0 ? { blindSpots } : {}),
    }
  }

  #withoutKnown(summary: ScanSummary): Partial<ScanSummary> {
    const baseline = this.#parts.baseline?.summary()
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
    const { blindSpots, cut, options } = this.#parts
    const { signal, onNotice, onProgress } = options
    const threads = this.#threads()
    const stop = (): void => void threads?.close()
    signal?.addEventListener('abort', stop)
    const sample = new Sample((event) => blindSpots?.add(event))
    const how = { cut, signal, onNotice, onProgress, sample, threads }
    try {
      for await (const bytes of readEvents(this.#inputs, this.#core, how)) {
        this.#bytes += bytes
        if (this.#pending.length > 0 || bytes === 0) yield this.#take()
      }
    } catch (error) {
      // Threads that were stopped did not finish.
      if (!signal?.aborted) throw error
    } finally {
      signal?.removeEventListener('abort', stop)
      await threads?.close()
    }
  }

  #threads(): ScanThreads | undefined {
    const { workers: count, wanted, evaluators, rules, blindSpots } = this.#parts
    if (count <= 1) return undefined
    return new ScanThreads({
      count,
      wanted,
      evaluators,
      rules,
      scan: this.#core,
      blindSpots,
      found: (finding) => void this.#pending.push(finding),
    })
  }

  #take(): ScanResult[] {
    this.#seconds = (performance.now() - this.#started) / 1000
    const pending = this.#pending
    this.#pending = []
    return pending.map((judged) => Object.assign(judged, { known: this.#know(judged) }))
  }

  #know(judged: Judged): KnownFinding | undefined {
    const { baseline } = this.#parts
    if (judged.exception || !baseline) return undefined
    const known = baseline.know(judged.finding)
    const counts = this.#knownByPriority
    if (known) counts[judged.priority] = (counts[judged.priority] ?? 0) + 1
    return known
  }
}
