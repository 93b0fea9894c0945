/**
 * Parapet as a library. The command line is written on what stands here.
 *
 * ```ts
 * import { scan } from 'parapet'
 *
 * for await (const finding of await scan(['audit.log'])) console.log(finding.message)
 * ```
 */
export { scan, type ScanOptions, type ScanResult, type ScanRun } from './io/scan.ts'
export type { BaselineSummary, KnownFinding } from './engine/baseline.ts'
export { redact, type RedactionSummary, type RedactOptions, type RedactRun } from './io/redact.ts'
export { Pseudonyms } from './audit/pseudonym/pseudonyms.ts'
export type { ScanSummary } from './engine/counts.ts'
export type { Finding } from './engine/finding.ts'
export { atLeast, parsePriority, priorities, type Priority } from './text/priority.ts'
export type { LocatedDiagnostic, Severity } from './text/diagnostic.ts'
export { ParapetError } from './text/error.ts'
export { version } from './version.ts'
