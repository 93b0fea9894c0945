import type { BaselineSummary } from './baseline.ts'
import type { BlindSpot } from './blind-spots.ts'
import type { Exception } from './exception.ts'
import type { Priority } from './finding.ts'

/** What an exception covered. */
export interface ExceptionUse extends Pick<Exception, 'name' | 'guardrail' | 'until' | 'reason'> {
  readonly findings: number
  /** Message of the first. */
  readonly example: string
}

/** What a scan has to say about itself; `--summary` prints the first six. */
export interface ScanSummary {
  /** Audit events read, judged or not. */
  readonly events: number
  /** Bytes of audit log read, after decompression. */
  readonly bytes: number
  /** Findings given out. */
  readonly findings: number
  /** Lines and events that could not be judged, wholly or at all. */
  readonly malformed: number
  /** Findings held back as repeats of a request's earlier finding. */
  readonly suppressed: number
  /** Wall time from the first byte to the last, in seconds. */
  readonly seconds: number
  /** Findings given out by priority; priorities without one are absent. */
  readonly byPriority: Readonly<Partial<Record<Priority, number>>>
  /** `malformed` by code. */
  readonly byCode: Readonly<Record<string, number>>
  /** What a baseline knew, and is not among `findings`; absent without a baseline. */
  readonly baseline?: BaselineSummary
  /** Exceptions that covered something, which is not among `findings`; absent where none did. */
  readonly exceptions?: readonly ExceptionUse[]
  /** What guardrails need and the log does not show; absent where nothing is missed. */
  readonly blindSpots?: readonly BlindSpot[]
}

/** The summary of a scan that did not begin. */
export const nothingScanned: ScanSummary = {
  events: 0,
  bytes: 0,
  findings: 0,
  malformed: 0,
  suppressed: 0,
  seconds: 0,
  byPriority: {},
  byCode: {},
}
