import { expect } from 'vitest'
import { beginsAsEvent } from '../../src/audit/kind.ts'
import { PLAIN, prove } from '../../src/audit/prove.ts'
import { skipSpace, trimEnd } from '../../src/audit/space.ts'
import { type EventSink, EventSplitter } from '../../src/audit/split.ts'

export const A = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}'
export const B = '{"auditID":"b","o":{"items":[1,{"items":[2]}]},"x":"{[\\"\\\\"}'
export const C = '{"c":3}'

export const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2)
export const list = (...items: string[]): string =>
  `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}`

const names = new Map(
  [A, B, C].flatMap((text, i) => [
    [text, 'ABC'[i]!],
    [pretty(text), 'abc'[i]!],
  ]),
)

export interface SplitWays {
  readonly bytesMax?: number | undefined
  /** The sink takes lines: those that are written as an API server writes events. */
  readonly lines?: boolean
}

/**
 * Splits what the chunks join to, each in a buffer of its own that is written over afterwards. Gives
 * a line for each event (`3 A`: A on line 3; a for A pretty-printed), for each complaint
 * (`3+7 reason`: 7 bytes into what begins on line 3), and for each record of another log, in the
 * order in which they came.
 */
export function split(chunks: Iterable<Uint8Array>, ways: SplitWays = {}): string[] {
  const found: string[] = []
  const sink: EventSink = {
    event(bytes, start, end, line) {
      const text = Buffer.from(bytes.subarray(start, end)).toString('latin1')
      found.push(`${line} ${names.get(text) ?? text}`)
    },
    malformed({ file, code, line, offset, reason }) {
      expect(file).toBe('audit.log')
      const prefix = code === 'MALFORMED_LINE' ? '' : `${code}: `
      found.push(`${line}+${offset} ${prefix}${reason}`)
    },
    other: (what) => void found.push(`another log: ${what}`),
  }
  const { bytesMax, lines } = ways
  const splitter = new EventSplitter(lines ? withLines(sink, bytesMax) : sink, {
    file: 'audit.log',
    ...(bytesMax === undefined ? {} : { bytesMax }),
  })
  for (const chunk of chunks) {
    const copy = Uint8Array.from(chunk)
    splitter.push(copy)
    copy.fill(0x21)
  }
  splitter.end()
  return found
}

/** The same sink with a faster way for lines that begin and end as events do. */
function withLines(sink: EventSink, bytesMax = Infinity): EventSink {
  let busy = false
  return {
    ...sink,
    lines(bytes, start, end, line, read) {
      if (busy) throw new Error('lines inside of lines')
      busy = true
      let lines = 0
      let at = start
      while (at < end) {
        const feed = bytes.indexOf(0x0a, at)
        expect(feed).toBeLessThan(end)
        const here = line + lines
        lines++
        const first = skipSpace(bytes, at, feed)
        const last = trimEnd(bytes, first, feed)
        const plain =
          feed - at <= bytesMax &&
          beginsAsEvent(bytes, first, last) &&
          prove(bytes, first, last) === PLAIN
        if (plain) sink.event(bytes, first, last, here)
        else if (!read(at, feed, here)) break
        at = feed + 1
      }
      busy = false
      return { end: at, lines }
    },
  }
}

/** Bytes of a text whose characters each stand for a byte. */
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

export const whole = (text: string, bytesMax?: number): string[] =>
  split([bytesOf(text)], { bytesMax })
