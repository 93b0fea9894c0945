/**
 * One event as the fields of a ruleset: each is extracted when it is first asked for, and kept until
 * the next event. Simple paths are found in one scan; everything else reads the bytes in place.
 */
import { utf8 } from './byte-string.ts'
import { JsonValue } from './json-value.ts'
import { byteText, skipBlanks, unescapedText } from './json-bytes.ts'
import { found, PathScanner } from './scan.ts'
import { isUsualTime, parseEventTime, usualTime } from './time.ts'

/** What the event does not say about itself. */
export interface HostFacts {
  /** For `evt.hostname`; missing without it. */
  readonly hostname?: string
}

/**
 * The first paths of every view: they decide whether an event counts, and whether the fields of
 * k8saudit are there.
 */
export const ownPaths: readonly (readonly string[])[] = [['auditID'], ['stageTimestamp'], ['kind']]
const AUDIT_ID = 0
const STAGE_TIMESTAMP = 1
const KIND = 2

export class EventView {
  readonly #scanner: PathScanner
  readonly #paths: readonly (readonly string[])[]
  readonly #hostname: string | undefined
  #bytes: Uint8Array = new Uint8Array()
  #root: JsonValue | undefined
  #time: bigint | undefined | null = null
  #number = 0
  #first: bigint | undefined

  /** @param paths simple paths, the own ones first, none of them twice; `pathText` knows their numbers. */
  constructor(paths: readonly (readonly string[])[], host: HostFacts = {}) {
    this.#paths = paths
    this.#scanner = new PathScanner(paths)
    this.#hostname = host.hostname === undefined ? undefined : utf8(host.hostname)
  }

  /** Turns to another event. */
  reset(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#root = undefined
    this.#time = null
    this.#scanner.scan(bytes)
  }

  /**
   * Whether Falco would take it for an event: kind `Event`, and a stageTimestamp. Without any kind it
   * counts too, because in an EventList, where events have none, it does.
   */
  get isEvent(): boolean {
    if (this.#own(KIND, 'Event') === false) return false
    return this.#usualTimeAt() >= 0 || this.time !== undefined
  }

  #readTime(): bigint | undefined {
    const start = this.#usualTimeAt()
    if (start >= 0) return usualTime(this.#bytes, start)
    const value = this.root.get('stageTimestamp')
    return value?.kind === 'string' ? parseEventTime(value.text()) : undefined
  }

  /** Offset of a timestamp of the usual form; -1 where it is anything else. */
  #usualTimeAt(): number {
    const scanner = this.#scanner
    if (scanner.odd || scanner.kinds[STAGE_TIMESTAMP] !== found.plain) return -1
    const start = scanner.starts[STAGE_TIMESTAMP]!
    return isUsualTime(this.#bytes, start, scanner.ends[STAGE_TIMESTAMP]!) ? start : -1
  }

  /** Whether an own path holds that text; undefined where nothing is. */
  #own(path: number, text: string): boolean | undefined {
    const scanner = this.#scanner
    if (scanner.odd || scanner.kinds[path] === found.escaped) {
      const value = this.root.get(...ownPaths[path]!)
      return value && value.kind === 'string' && value.text() === text
    }
    if (scanner.kinds[path] !== found.plain)
      return scanner.kinds[path] === found.nothing ? undefined : false
    return byteText(this.#bytes, scanner.starts[path]!, scanner.ends[path]!) === text
  }

  /** Counts the event; the numbers of `evt.num` and the start of `evt.reltime` come from here. */
  count(): void {
    this.#number++
    this.#first ??= this.time
  }

  /** The event's place among those counted, from 1. */
  get number(): number {
    return this.#number
  }

  /** Nanoseconds since the first event that was counted. */
  get relativeTime(): bigint {
    return BigInt.asUintN(64, this.time! - (this.#first ?? this.time!))
  }

  /** Nanoseconds since 1970 of stageTimestamp; undefined where that is none, and Falco skips the event. */
  get time(): bigint | undefined {
    if (this.#time === null) this.#time = this.#readTime()
    return this.#time
  }

  get hostname(): string | undefined {
    return this.#hostname
  }

  /** The whole event. */
  get root(): JsonValue {
    return (this.#root ??= new JsonValue(this.#bytes, skipBlanks(this.#bytes, 0)))
  }

  /** Without the key `auditID` the k8saudit plugin answers nothing; `null` counts as there. */
  get hasAuditId(): boolean {
    return this.#scanner.odd
      ? this.root.get('auditID') !== undefined
      : this.#scanner.kinds[AUDIT_ID] !== found.nothing
  }

  /** The text at a path by its number, NULs included; undefined where nothing is. */
  pathText(path: number): string | undefined {
    const scanner = this.#scanner
    if (scanner.odd) return this.root.get(...this.#paths[path]!)?.text()
    const start = scanner.starts[path]!
    const end = scanner.ends[path]!
    switch (scanner.kinds[path]) {
      case found.nothing:
        return undefined
      case found.plain:
      case found.word:
        return byteText(this.#bytes, start, end)
      case found.escaped:
        return unescapedText(this.#bytes, start, end)
      default:
        return new JsonValue(this.#bytes, start).text()
    }
  }
}
