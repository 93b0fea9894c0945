import type { EventSink } from '../audit/split.ts'
import type { Sampled, Target } from './blind-spots.ts'

/** So many events are all in the sample; of more, ever fewer: of a million about a thousand. */
const ALL_UP_TO = 100

/**
 * Lines that are taken together. A place in the bytes is most likely in a long line, and long and
 * short ones take turns (a request's stages, for example): a single line behind such a place would be
 * a short one too often.
 */
const GROUP_LINES = 8

/**
 * Takes a sample of the events that go to a sink, without touching the others. What is taken depends
 * on where lines begin and on nothing that is in them.
 */
export class Sample {
  readonly #take: (event: Sampled) => void
  #events = 0
  /** Events that are to be taken, with a fraction. */
  #due = 0

  constructor(take: (event: Sampled) => void) {
    this.#take = take
  }

  /** The same sink, whose events are seen here too. */
  of(sink: EventSink): EventSink {
    const { lines } = sink
    const sampled: EventSink = {
      ...sink,
      event: (bytes, start, end, line) => {
        if (this.#quota(1, 1) > 0) this.#offer(bytes, start, end)
        sink.event(bytes, start, end, line)
      },
    }
    if (!lines) return sampled
    return {
      ...sampled,
      lines: (bytes, start, end, line, read) => {
        const taken = lines(bytes, start, end, line, read)
        this.#lines(bytes, start, taken.end, taken.lines)
        return taken
      },
    }
  }

  get #rate(): number {
    return Math.min(1, ALL_UP_TO / this.#events)
  }

  /** How many of so many more events are to be taken now, a multiple of `unit`. */
  #quota(events: number, unit: number): number {
    this.#events += events
    this.#due += events * this.#rate
    const quota = Math.floor(this.#due / unit) * unit
    this.#due -= quota
    return quota
  }

  /** Takes some of the whole lines in `bytes[start, end)`, or all. */
  #lines(bytes: Uint8Array, start: number, end: number, lines: number): void {
    const groups = Math.floor(this.#quota(lines, GROUP_LINES) / GROUP_LINES)
    if (this.#rate === 1) {
      for (let at = start; at < end;) at = this.#line(bytes, at)
      return
    }
    for (let i = 0; i < groups; i++) {
      let at = start + Math.floor(((end - start) * (i + 0.5)) / groups)
      at = bytes.indexOf(0x0a, at) + 1
      for (let line = 0; line < GROUP_LINES; line++) at = this.#line(bytes, at < end ? at : start)
    }
  }

  /** Takes the line at `start`; gives the position behind it. */
  #line(bytes: Uint8Array, start: number): number {
    const feed = bytes.indexOf(0x0a, start)
    this.#offer(bytes, start, feed)
    return feed + 1
  }

  #offer(bytes: Uint8Array, start: number, end: number): void {
    const head = text(bytes, start, Math.min(end, start + HEAD_BYTES))
    const found = ENVELOPE.exec(head)
    // What is written in another order is no API server's own log, and says little about its policy.
    if (!found) return
    const [all, level, stage, verb] = found as unknown as [string, string, string, string]
    const target = targetIn(head, all.length)
    this.#take({ level, stage, verb, target, weight: 1 / this.#rate })
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
