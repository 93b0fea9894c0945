import { expect } from 'vitest'
import { EventSplitter } from '../../src/audit/split.ts'

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

/**
 * Splits what the chunks join to, each in a buffer of its own that is written over afterwards. Gives
 * a line for each event (`3 A`: A on line 3; a for A pretty-printed) and for each complaint
 * (`3+7 reason`: 7 bytes into what begins on line 3), in the order in which they came.
 */
export function split(chunks: Iterable<Uint8Array>, bytesMax?: number): string[] {
  const found: string[] = []
  const splitter = new EventSplitter(
    {
      event(bytes, start, end, line) {
        const text = Buffer.from(bytes.subarray(start, end)).toString('latin1')
        found.push(`${line} ${names.get(text) ?? text}`)
      },
      malformed({ file, code, line, offset, reason }) {
        expect(file).toBe('audit.log')
        const prefix = code === 'MALFORMED_LINE' ? '' : `${code}: `
        found.push(`${line}+${offset} ${prefix}${reason}`)
      },
    },
    bytesMax === undefined ? { file: 'audit.log' } : { file: 'audit.log', bytesMax },
  )
  for (const chunk of chunks) {
    const copy = Uint8Array.from(chunk)
    splitter.push(copy)
    copy.fill(0x21)
  }
  splitter.end()
  return found
}

/** Bytes of a text whose characters each stand for a byte. */
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

export const whole = (text: string, bytesMax?: number): string[] => split([bytesOf(text)], bytesMax)
