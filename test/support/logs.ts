import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
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

/** Audit logs at hand by name: the recording, and the corpus where it is there (`provider-*` wrap events in records of their own). */
export function auditLogs(): [name: string, file: string][] {
  const names = existsSync(corpus)
    ? readdirSync(corpus).filter((name) => /^(?!provider-).*\.jsonl$/.test(name))
    : []
  return [
    ['the recording', recording],
    ...names.map((name): [string, string] => [name, path.join(corpus, name)]),
  ]
}
