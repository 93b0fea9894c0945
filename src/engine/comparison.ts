import { BACKTEST_DAYS_MAX, BACKTEST_ROWS_MAX } from '../text/limits.ts'
import type { Finding } from './finding.ts'

/** Guardrails as they are, and as they would be. */
export type Side = 'baseline' | 'candidate'
/** Only the candidate finds it; only the baseline does; both do, in other words or less or more urgent. */
export type Difference = 'appeared' | 'vanished' | 'changed'

/** What is told of a finding. */
export type Told = Pick<Finding, 'priority' | 'message' | 'time' | 'auditID' | 'file' | 'line'>

/** Findings that differ alike: of one rule, by one actor, in one namespace. */
export interface DifferenceRow {
  readonly difference: Difference
  readonly rule: string
  readonly engine: Finding['engine']
  readonly user: string | null
  /** Whom they impersonated. */
  readonly as: string | null
  readonly namespace: string | null
  count: number
  /** The first, as each side tells it. */
  readonly baseline: Told | undefined
  readonly candidate: Told | undefined
}

export interface Compared {
  /** Requests × rules that both sides find alike. */
  readonly same: number
  readonly counts: Readonly<Record<Difference, number>>
  /** By rule, and by rule, actor and namespace: those with the highest counts first. */
  readonly rows: readonly DifferenceRow[]
  /** Differences whose rows are not kept. */
  readonly others: number
  /** What appeared by day (UTC, `2026-11-24`), in order; null for events without a time that can be read. */
  readonly days: readonly { readonly day: string | null; readonly appeared: number }[]
}

/** One rule on one request. */
interface Pair {
  readonly rule: string
  readonly engine: Finding['engine']
  readonly user: Finding['user']
  readonly namespace: string | null
  baseline?: Told
  candidate?: Told
}

/**
 * Compares what two sides find in the same events. As in a scan, a rule's first finding on a request
 * stands for those at its other stages, so a pair is counted when its request is left behind; memory is
 * bounded by the number of requests that are looked at together.
 */
export class Comparison {
  readonly #window: number
  readonly #open = new Map<string, Pair>()
  /** Keys of what is open in a ring; see Dedup. */
  readonly #order: string[] = []
  #next = 0
  #same = 0
  readonly #counts = { appeared: 0, vanished: 0, changed: 0 }
  readonly #rows = new Map<string, DifferenceRow>()
  #others = 0
  readonly #days = new Map<string | null, number>()

  /** @param window how many rules × requests are looked at together */
  constructor(window: number) {
    this.#window = Math.max(1, window)
  }

  add(side: Side, finding: Finding): void {
    const { rule, engine, auditID, file, line, user, resource } = finding
    const key = JSON.stringify([engine, rule, auditID ?? [file, line]])
    let pair = this.#open.get(key)
    if (!pair) {
      this.#makeRoom(key)
      pair = { rule, engine, user, namespace: resource?.namespace ?? null }
      this.#open.set(key, pair)
    }
    pair[side] ??= told(finding)
  }

  /** What was found. Nothing can be added after it. */
  end(): Compared {
    for (const pair of this.#open.values()) this.#count(pair)
    this.#open.clear()
    return {
      same: this.#same,
      counts: { ...this.#counts },
      rows: [...this.#rows.values()].sort(byCount),
      others: this.#others,
      days: [...this.#days]
        .map(([day, appeared]) => ({ day, appeared }))
        .sort((a, b) => ((a.day ?? '') < (b.day ?? '') ? -1 : 1)),
    }
  }

  #makeRoom(key: string): void {
    const oldest = this.#order[this.#next]
    if (oldest !== undefined) {
      this.#count(this.#open.get(oldest)!)
      this.#open.delete(oldest)
    }
    this.#order[this.#next] = key
    this.#next = (this.#next + 1) % this.#window
  }

  #count(pair: Pair): void {
    const difference = differenceOf(pair)
    if (!difference) {
      this.#same++
      return
    }
    this.#counts[difference]++
    this.#addRow(difference, pair)
    if (difference === 'appeared') this.#addDay(pair.candidate!.time)
  }

  #addRow(difference: Difference, pair: Pair): void {
    const { rule, engine, user, namespace, baseline, candidate } = pair
    const { name, impersonated: as } = user
    const key = JSON.stringify([difference, engine, rule, name, as, namespace])
    const row = this.#rows.get(key)
    if (row) row.count++
    else if (this.#rows.size >= BACKTEST_ROWS_MAX) this.#others++
    else {
      const row = { difference, rule, engine, user: name, as, namespace, count: 1 }
      this.#rows.set(key, { ...row, baseline, candidate })
    }
  }

  #addDay(time: string | null): void {
    const day = time === null ? null : (/^\d{4}-\d\d-\d\d(?=T.*Z$)/.exec(time)?.[0] ?? null)
    const key = this.#days.has(day) || this.#days.size < BACKTEST_DAYS_MAX ? day : null
    this.#days.set(key, (this.#days.get(key) ?? 0) + 1)
  }
}

function told({ priority, message, time, auditID, file, line }: Finding): Told {
  return { priority, message, time, auditID, file, line }
}

function differenceOf({ baseline, candidate }: Pair): Difference | undefined {
  if (!baseline) return 'appeared'
  if (!candidate) return 'vanished'
  const isSame = baseline.message === candidate.message && baseline.priority === candidate.priority
  return isSame ? undefined : 'changed'
}

function byCount(a: DifferenceRow, b: DifferenceRow): number {
  return b.count - a.count || (a.rule < b.rule ? -1 : Number(a.rule > b.rule))
}
