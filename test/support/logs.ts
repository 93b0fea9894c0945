import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { EventSplitter } from '../../src/audit/split.ts'
import { recording, root } from './cli.ts'

/** Public test data that other people published; read in place, not part of the project. */
export const corpus: string = path.resolve(root, '../shared/corpus')

/** Skips with a printed reason where the public test data is not beside the checkout. */
export function corpusMissing(): string | undefined {
  return existsSync(corpus)
    ? undefined
    : `public test data is not at ${path.relative(root, corpus)}`
}

/** The lines of a log, as bytes, without empty ones. */
export function logLines(file: string): Uint8Array[] {
  const bytes = readFileSync(file)
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline < 0 ? bytes.length : newline
    if (end > start) lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return lines
}

/** The events of a log as the splitter finds them, providers' records opened. What is no event is left out. */
export function auditEvents(file: string): Uint8Array[] {
  const events: Uint8Array[] = []
  const event = (bytes: Uint8Array, start: number, end: number): void => {
    events.push(bytes.slice(start, end))
  }
  const splitter = new EventSplitter({ event, malformed: () => {} }, { file })
  splitter.push(readFileSync(file))
  splitter.end()
  return events
}

/** Audit logs at hand by name: the recording, and the corpus where it is there (`provider-gke` holds no audit events). */
export function auditLogs(): [name: string, file: string][] {
  const names = existsSync(corpus)
    ? readdirSync(corpus).filter((name) => /^(?!provider-gke).*\.jsonl$/.test(name))
    : []
  return [
    ['the recording', recording],
    ...names.map((name): [string, string] => [name, path.join(corpus, name)]),
  ]
}
