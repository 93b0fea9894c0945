import { notAnEvent } from '../../src/audit/kind.ts'
import { PLAIN, prove } from '../../src/audit/prove.ts'
import type { LineJudge } from '../../src/audit/scanner/judge.ts'
import { Scanner } from '../../src/audit/scanner/scanner.ts'

/** A judge that lets every event through, to look at what the scanner makes of it. */
export function everything(paths: readonly (readonly string[])[]): LineJudge {
  return {
    paths,
    bytes: 0,
    place(memory) {
      const address = memory.allocate(16)!
      memory.words[(address >> 2) + 1] = 1
      return address
    },
    full: false,
    observe() {},
    classify: () => 1,
    combine: () => 1,
    decide: (decision) => decision,
  }
}

/** What the scanner made of a line: its watched values' texts, or `doubt`. */
export type Reading = readonly (string | null | undefined)[] | 'doubt'

/** Scans lines (without line feeds) in one go. */
export function scanLines(
  scanner: Scanner,
  paths: number,
  lines: readonly Uint8Array[],
): readonly Reading[] {
  const feed = Buffer.from('\n')
  const bytes = Buffer.concat(lines.flatMap((line) => [line, feed]))
  const readings: Reading[] = []
  const slots = Array.from({ length: paths }, (_, slot) => slot)
  const scanned = scanner.scan(bytes, 0, bytes.length, {
    candidate({ line, spans }) {
      readings[line] = slots.map((slot) => {
        const json = spans.json(slot)
        return json && json.toString()
      })
    },
    settle() {},
    doubt(_start, _end, line) {
      readings[line] = 'doubt'
      return true
    },
  })
  if (scanned.end !== bytes.length || scanned.lines !== lines.length) {
    throw new Error(`read ${scanned.end} of ${bytes.length} bytes, ${scanned.lines} lines`)
  }
  return readings
}

/** True where the reference finds nothing unusual: one JSON object, no doubt about it, an audit event. */
export function isPlainEvent(line: Uint8Array): boolean {
  const text = Buffer.from(line)
  return prove(text, 0, text.length) === PLAIN && notAnEvent(text, 0, text.length) === undefined
}
