import type { Evaluator } from '../engine/evaluator.ts'
import type { Exception } from '../engine/exception.ts'
import type { Finding } from '../engine/finding.ts'
import type { Countable } from '../engine/tally.ts'

/**
 * Findings on their way from one thread to another: texts and numbers, which is a tenth of the work
 * that objects would be. Most formats need them as text in the end.
 */
export interface SentFindings {
  /** The findings as JSON, one behind the other, with lines counted from 1, the first of the piece. */
  readonly text: string
  /** JSON of the `Kind`s that there are. */
  readonly kinds: string
  /** JSON of their auditIDs, as they stand in the events. */
  readonly auditIDs: string
  /** Of each finding: kind, line, where the line stands in the text, and where the finding ends. */
  readonly places: Int32Array
}

/** What findings have in common, and has to be known before they are shown. */
interface Kind extends Pick<Finding, 'engine' | 'rule' | 'priority'> {
  /** Name of the exception that covers them. */
  readonly exception: string | null
  /** Position among the evaluators of the scan. */
  readonly evaluator: number
}

const PLACES_EACH = 4
const BEFORE_LINE = ',"line":'

/** Packs findings to be sent. */
export class FindingsSender {
  readonly #texts: string[] = []
  readonly #kinds: Kind[] = []
  readonly #numbers = new Map<string, number>()
  readonly #auditIDs: (string | null)[] = []
  readonly #places: number[] = []
  /** Of all texts together. */
  #length = 0

  get count(): number {
    return this.#texts.length
  }

  /**
   * @param auditID as it stands in the event
   * @param exception name of the one that covers the finding
   * @param evaluator its position
   */
  add(finding: Finding, auditID: string | null, exception: string | null, evaluator: number): void {
    const { engine, rule, priority, line } = finding
    const json = JSON.stringify(finding)
    // In a text the quotes would have backslashes, and objects with other names come later.
    const lineStart = this.#length + json.indexOf(BEFORE_LINE) + BEFORE_LINE.length
    this.#length += json.length
    this.#texts.push(json)
    this.#auditIDs.push(auditID)
    const kind = this.#kind({ engine, rule, priority, exception, evaluator })
    this.#places.push(kind, line, lineStart, this.#length)
  }

  #kind(kind: Kind): number {
    const { engine, rule, priority, exception, evaluator } = kind
    // With its length, no exception's name can run into a rule's.
    const key = `${engine} ${priority} ${evaluator} ${exception?.length} ${exception} ${rule}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#kinds.length)
    return this.#kinds.push(kind) - 1
  }

  send(): SentFindings {
    return {
      text: this.#texts.join(''),
      kinds: JSON.stringify(this.#kinds),
      auditIDs: JSON.stringify(this.#auditIDs),
      places: Int32Array.from(this.#places),
    }
  }
}

/** A finding that was sent. It is taken apart only where somebody asks for it. */
export class ReceivedFinding implements Countable {
  readonly auditID: string | null
  readonly engine: Finding['engine']
  readonly rule: string
  readonly priority: Finding['priority']
  readonly exception: Exception | undefined
  readonly json: string
  #finding: Finding | undefined

  constructor(common: Omit<Countable, 'auditID'>, auditID: string | null, json: string) {
    this.auditID = auditID
    this.engine = common.engine
    this.rule = common.rule
    this.priority = common.priority
    this.exception = common.exception
    this.json = json
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
  { text, kinds, auditIDs, places }: SentFindings,
  linesBefore: number,
  evaluators: readonly Evaluator[],
): ReceivedFinding[] {
  const commons = (JSON.parse(kinds) as Kind[]).map(({ exception, evaluator, ...common }) => ({
    ...common,
    exception: exception === null ? undefined : evaluators[evaluator]?.exceptions?.named(exception),
  }))
  let start = 0
  return (JSON.parse(auditIDs) as (string | null)[]).map((auditID, i) => {
    const at = i * PLACES_EACH
    const line = places[at + 1]!
    const lineStart = places[at + 2]!
    const end = places[at + 3]!
    const head = text.slice(start, lineStart)
    const tail = text.slice(lineStart + String(line).length, end)
    start = end
    const common = commons[places[at]!]!
    return new ReceivedFinding(common, auditID, `${head}${line + linesBefore}${tail}`)
  })
}
