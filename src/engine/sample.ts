import type { EventSink } from '../audit/split.ts'
import type { Sampled, Target } from './blind-spots.ts'

/** So many events are all in the sample; of more, ever fewer: of a million about a thousand. */
const ALL_UP_TO = 100

/**
 * Events that are taken together. Long and short ones take turns (a request's stages, for example):
 * a single one each time might always be of the same kind.
 */
const GROUP = 8

/**
 * Takes a sample of the events that go to a sink, without touching the others. What is taken depends
 * on the place of an event in its stretch alone: neither on how the bytes come, nor on what is in
 * them. Of the first stretch much is taken, of each further one the first events.
 */
export class Sample {
  readonly #take: (event: Sampled) => void
  /** Events of the stretch so far. */
  #events = 0
  /** The current group: where it begins, and how many are taken of it. */
  #start = 0
  #size: number
  /** Where the next group begins: this one stands for everything before that. */
  #next: number
  #group: Omit<Sampled, 'weight'>[] = []

  /** @param isFirst false where the sample begins with a further stretch */
  constructor(take: (event: Sampled) => void, isFirst = true) {
    this.#take = take
    this.#size = isFirst ? ALL_UP_TO : GROUP
    this.#next = isFirst ? ALL_UP_TO : Infinity
  }

  /** The same sink, whose events are seen here too. */
  of(sink: EventSink): EventSink {
    const { lines } = sink
    const sampled: EventSink = {
      ...sink,
      event: (bytes, start, end, line) => {
        if (this.#isDue) this.#offer(bytes, start, end)
        this.#passed(1)
        sink.event(bytes, start, end, line)
      },
    }
    if (!lines) return sampled
    return {
      ...sampled,
      lines: (bytes, start, end, line, read) => {
        let at = start
        let next = line
        const taken = lines(bytes, start, end, line, (from, to, current) => {
          this.#lines(bytes, at, current - next)
          at = to + 1
          next = current + 1
          // What is on this line comes as events by themselves, if there are any.
          return read(from, to, current)
        })
        this.#lines(bytes, at, line + taken.lines - next)
        return taken
      },
    }
  }

  /** Ends a stretch. */
  cut(): void {
    if (this.#events > 0) this.#weigh()
    this.#events = 0
    this.#begin(0, GROUP, Infinity)
  }

  get #isDue(): boolean {
    return this.#events - this.#start < this.#size
  }

  /** Events that can pass before one is due. */
  get #notDue(): number {
    return this.#isDue ? 0 : this.#next - this.#events
  }

  #passed(events: number): void {
    this.#events += events
    if (this.#events < this.#next) return
    this.#weigh()
    const step = Math.max(GROUP, Math.ceil((this.#next * GROUP) / ALL_UP_TO))
    this.#begin(this.#next, GROUP, this.#next + step)
  }

  #begin(start: number, size: number, next: number): void {
    this.#start = start
    this.#size = size
    this.#next = next
    this.#group = []
  }

  /** Hands over the group: together its events stand for all since it began. */
  #weigh(): void {
    const all = this.#events - this.#start
    const weight = all / Math.min(all, this.#size)
    for (const event of this.#group) this.#take({ ...event, weight })
  }

  /** Takes what is due of so many lines, each of which is an event. */
  #lines(bytes: Uint8Array, at: number, count: number): void {
    let left = count
    while (left > 0) {
      const pass = Math.min(this.#notDue, left)
      if (pass === left) return this.#passed(left)
      for (let i = 0; i < pass; i++) at = bytes.indexOf(0x0a, at) + 1
      const feed = bytes.indexOf(0x0a, at)
      if (pass > 0) this.#passed(pass)
      this.#offer(bytes, at, feed)
      this.#passed(1)
      at = feed + 1
      left -= pass + 1
    }
  }

  #offer(bytes: Uint8Array, start: number, end: number): void {
    const head = text(bytes, start, Math.min(end, start + HEAD_BYTES))
    const found = ENVELOPE.exec(head)
    // What is written in another order is no API server's own log, and says little about its policy.
    if (!found) return
    const [all, level, stage, verb] = found as unknown as [string, string, string, string]
    const target = targetIn(head, all.length)
    this.#group.push({ level, stage, verb, target })
  }
}

/** Where level, stage, verb and object of an event stand: users and their groups come between. */
const HEAD_BYTES = 2048
/**
 * What an API server writes first, in this order. Inside of a text no quote is without a backslash,
 * so that nothing that a client chose is taken for a member. For speed: this is done to a few events
 * only, and a loop over their bytes would not be worth compiling.
 */
const ENVELOPE =
  /^\s*\{\s*"kind": ?"Event",\s*(?:"apiVersion": ?"[^"]*",\s*)?(?:"metadata": ?\{[^}]*\},\s*)?"level": ?"(\w+)".*?"stage": ?"(\w+)".*?"verb": ?"(\w+)"/s

function targetIn(head: string, from: number): Target {
  const target = { resource: '', apiGroup: '', subresource: '' }
  const start = head.indexOf('"objectRef"', from)
  if (start < 0) return target
  const object = head.slice(start, head.indexOf('}', start))
  for (const [, name, value] of object.matchAll(MEMBERS)) target[name as keyof Target] = value!
  return target
}

const MEMBERS = /"(resource|apiGroup|subresource)": ?"([^"\\]*)"/g

function text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}
