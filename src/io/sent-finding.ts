import type { Evaluator } from '../engine/evaluator.ts'
import type { Exception } from '../engine/exceptions.ts'
import type { Finding } from '../engine/finding.ts'
import type { Countable } from '../engine/tally.ts'

/**
 * Findings on their way from one thread to another: two texts, which is a tenth of the work that
 * objects would be. Most formats need them as text in the end.
 */
export interface SentFindings {
  /** The findings as JSON, one behind the other, with lines counted from 1, the first of the piece. */
  readonly text: string
  /** JSON of an `Entry` for each of them. */
  readonly index: string
}

/** What has to be known of a finding before it is shown, and where it is in the text. */
type Entry = readonly [
  /** As it stands in the event. */
  auditID: string | null,
  engine: Finding['engine'],
  rule: string,
  priority: Finding['priority'],
  /** Name of the exception that covers it. */
  exception: string | null,
  /** Position among the evaluators of the scan. */
  evaluator: number,
  line: number,
  start: number,
  /** Where the line stands. */
  lineStart: number,
  end: number,
]

const BEFORE_LINE = ',"line":'

/** Packs findings to be sent. */
export class FindingsSender {
  readonly #texts: string[] = []
  /** Of all texts together. */
  #length = 0
  readonly #index: Entry[] = []

  get count(): number {
    return this.#index.length
  }

  /**
   * @param auditID as it stands in the event
   * @param exception name of the one that covers the finding
   * @param evaluator its position
   */
  add(finding: Finding, auditID: string | null, exception: string | null, evaluator: number): void {
    const { engine, rule, priority, line } = finding
    const json = JSON.stringify(finding)
    const start = this.#length
    // In a text the quotes would have backslashes, and objects with other names come later.
    const lineStart = start + json.indexOf(BEFORE_LINE) + BEFORE_LINE.length
    const end = start + json.length
    const known = [auditID, engine, rule, priority, exception, evaluator] as const
    this.#index.push([...known, line, start, lineStart, end])
    this.#texts.push(json)
    this.#length = end
  }

  send(): SentFindings {
    return { text: this.#texts.join(''), index: JSON.stringify(this.#index) }
  }
}

/** A finding that was sent. It is taken apart only where somebody asks for it. */
export class ReceivedFinding implements Countable {
  readonly auditID: string | null
  readonly engine: Finding['engine']
  readonly rule: string
  readonly priority: Finding['priority']
  readonly exception: Exception | undefined
  readonly #entry: Entry
  readonly #text: string
  readonly #linesBefore: number
  #finding: Finding | undefined

  constructor(entry: Entry, text: string, linesBefore: number, evaluators: readonly Evaluator[]) {
    const [auditID, engine, rule, priority, exception, evaluator] = entry
    this.auditID = auditID
    this.engine = engine
    this.rule = rule
    this.priority = priority
    this.exception =
      exception === null ? undefined : evaluators[evaluator]?.exceptions?.named(exception)
    this.#entry = entry
    this.#text = text
    this.#linesBefore = linesBefore
  }

  get json(): string {
    const [, , , , , , line, start, lineStart, end] = this.#entry
    const behind = lineStart + String(line).length
    const text = this.#text
    return `${text.slice(start, lineStart)}${line + this.#linesBefore}${text.slice(behind, end)}`
  }

  get finding(): Finding {
    return (this.#finding ??= JSON.parse(this.json) as Finding)
  }
}

/**
 * @param linesBefore lines of the input before the piece
 * @param evaluators of the scan
 */
export function receiveFindings(
  { text, index }: SentFindings,
  linesBefore: number,
  evaluators: readonly Evaluator[],
): ReceivedFinding[] {
  const entries = JSON.parse(index) as Entry[]
  return entries.map((entry) => new ReceivedFinding(entry, text, linesBefore, evaluators))
}
