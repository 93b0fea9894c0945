import type { Evaluator } from '../../engine/evaluator.ts'
import type { Exception } from '../../engine/exception.ts'
import type { Finding } from '../../engine/finding.ts'
import type { Countable } from '../../engine/tally.ts'
import type { Collector } from './collector.ts'

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
export class FindingsSender implements Collector<SentFindings> {
  #texts: string[] = []
  #kinds: Kind[] = []
  /** Their positions, by rule. */
  #ofRule = new Map<string, number[]>()
  #auditIDs: (string | null)[] = []
  #places: number[] = []
  /** Of all texts together. */
  #length = 0

  get count(): number {
    return this.#texts.length
  }

  add(
    finding: Finding,
    auditID: string | null,
    exception: Exception | undefined,
    evaluator: number,
  ): void {
    const json = JSON.stringify(finding)
    const lineStart = this.#length + placeOfLine(json, finding)
    this.#length += json.length
    this.#texts.push(json)
    this.#auditIDs.push(auditID)
    const kind = this.#kind(finding, exception?.name ?? null, evaluator)
    this.#places.push(kind, finding.line, lineStart, this.#length)
  }

  #kind(finding: Finding, exception: string | null, evaluator: number): number {
    const { engine, rule, priority } = finding
    let known = this.#ofRule.get(rule)
    if (!known) this.#ofRule.set(rule, (known = []))
    for (const position of known) {
      const kind = this.#kinds[position]!
      const isSame = kind.exception === exception && kind.evaluator === evaluator
      if (isSame && kind.priority === priority && kind.engine === engine) return position
    }
    const position = this.#kinds.push({ engine, rule, priority, exception, evaluator }) - 1
    known.push(position)
    return position
  }

  take(): SentFindings {
    const sent = {
      text: this.#texts.join(''),
      kinds: JSON.stringify(this.#kinds),
      auditIDs: JSON.stringify(this.#auditIDs),
      places: Int32Array.from(this.#places),
    }
    this.#texts = []
    this.#kinds = []
    this.#ofRule = new Map()
    this.#auditIDs = []
    this.#places = []
    this.#length = 0
    return sent
  }
}

/**
 * Where the line's digits stand in a finding's JSON. In a text the quotes would have backslashes; only
 * behind it there may be objects with other names.
 */
function placeOfLine(json: string, { output_fields }: Finding): number {
  const before =
    output_fields === undefined ? json.lastIndexOf(BEFORE_LINE) : json.indexOf(BEFORE_LINE)
  return before + BEFORE_LINE.length
}

/** A finding that was sent. It is taken apart only where somebody asks for it. */
export class ReceivedFinding implements Countable {
  readonly engine: Finding['engine']
  readonly rule: string
  readonly priority: Finding['priority']
  readonly exception: Exception | undefined
  readonly json: string
  readonly #auditID: () => string | null
  #finding: Finding | undefined

  constructor(common: Omit<Countable, 'auditID'>, auditID: () => string | null, json: string) {
    this.#auditID = auditID
    this.engine = common.engine
    this.rule = common.rule
    this.priority = common.priority
    this.exception = common.exception
    this.json = json
  }

  get auditID(): string | null {
    return this.#auditID()
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
  // Nobody asks for them where every stage of a request counts.
  let ids: (string | null)[] | undefined
  const auditIDOf = (i: number): string | null =>
    (ids ??= JSON.parse(auditIDs) as (string | null)[])[i]!
  const received: ReceivedFinding[] = []
  let start = 0
  for (let at = 0; at < places.length; at += PLACES_EACH) {
    const line = places[at + 1]!
    const lineStart = places[at + 2]!
    const end = places[at + 3]!
    const head = text.slice(start, lineStart)
    const tail = text.slice(lineStart + String(line).length, end)
    start = end
    const common = commons[places[at]!]!
    const auditID = (): string | null => auditIDOf(at / PLACES_EACH)
    received.push(new ReceivedFinding(common, auditID, `${head}${line + linesBefore}${tail}`))
  }
  return received
}
