import type { JsonObject } from '../../text/json.ts'
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import { countText, numberText } from '../words.ts'

/**
 * One thing that was tested: a Rego test, a case, whether all engines say the same of a guardrail, an
 * exception, how many mutants are noticed; or what a guardrail lacks, where that fails.
 */
export interface TestOutcome {
  readonly kind: 'rego' | 'case' | 'parity' | 'exception' | 'mutation' | 'missing'
  /** What it is about: a package, a guardrail's id, a rules file. */
  readonly group: string
  readonly name: string
  /** `error`: it could not be judged. */
  readonly status: 'pass' | 'fail' | 'error' | 'skip'
  readonly file: string
  readonly line: number
  /** Why it did not pass, in a line. */
  readonly reason?: string
  /** Where that shows, if elsewhere. */
  readonly at?: { readonly file: string; readonly line: number }
  /** What helps to see why, line by line. */
  readonly details: readonly string[]
  /** The same for programs: members of the JSON document. */
  readonly facts?: JsonObject
  /** Undefined where it was not measured. */
  readonly seconds?: number
}

/** How much tests and cases reach. */
export interface TestCoverage {
  /** Of the lines of Rego, 0 to 100. */
  readonly percent: number
  readonly files: readonly { readonly file: string; readonly percent: number }[]
  /** The ways in which guardrails find something, and those that no case goes. */
  readonly alternatives: number
  readonly undecided: readonly UndecidedAlternative[]
}

export interface UndecidedAlternative {
  readonly guardrail: string
  readonly file: string
  readonly line: number
  /** What sets it apart from the guardrail's other ways. */
  readonly text: string
  /** It is a choice inside of another one of them. */
  readonly isImplied: boolean
}

/** How many changes of guardrails the cases notice. */
export interface MutationTotals extends MutationCounts {
  readonly guardrails: readonly (MutationCounts & { readonly id: string; readonly file: string })[]
}

export interface MutationCounts {
  readonly mutants: number
  readonly noticed: number
  /** Share of mutants noticed, 0 to 100. */
  readonly score: number
}

/** How many events of logs all engines were asked about, and about how many they could not be. */
export interface RecordingTotals {
  readonly events: number
  readonly unread: number
}

/** What a run of tests came to. */
export interface TestRun {
  readonly outcomes: readonly TestOutcome[]
  readonly coverage?: TestCoverage
  readonly mutation?: MutationTotals
  readonly recordings?: RecordingTotals
  /** What is wrong with the tests themselves. */
  readonly diagnostics: readonly LocatedDiagnostic[]
  readonly seconds: number
}

export function count(
  outcomes: readonly TestOutcome[],
  ...statuses: TestOutcome['status'][]
): number {
  return outcomes.filter(({ status }) => statuses.includes(status)).length
}

/** `3 tests and 12 cases: 14 passed, 1 failed`. */
export function totalText(outcomes: readonly TestOutcome[]): string {
  const kinds = NOUNS.flatMap(([kind, noun, plural]) => {
    const number = outcomes.filter((outcome) => outcome.kind === kind).length
    return number === 0 ? [] : [countText(number, noun, plural)]
  })
  const skipped = count(outcomes, 'skip') > 0 ? `, ${count(outcomes, 'skip')} skipped` : ''
  return `${joined(kinds)}: ${count(outcomes, 'pass')} passed, ${count(outcomes, 'fail', 'error')} failed${skipped}`
}

const NOUNS = [
  ['rego', 'test', 'tests'],
  ['case', 'case', 'cases'],
  ['parity', 'comparison of engines', 'comparisons of engines'],
  ['exception', 'exception', 'exceptions'],
  ['mutation', 'mutation score', 'mutation scores'],
  ['missing', 'missing part', 'missing parts'],
] as const

/** `951 events of recordings were compared, 2 could not be`. */
export function recordingsText({ events, unread }: RecordingTotals): string {
  const left = unread > 0 ? `, ${numberText(unread)} could not be` : ''
  return `${countText(events, 'event')} of recordings ${events === 1 ? 'was' : 'were'} compared${left}`
}

function joined(parts: readonly string[]): string {
  if (parts.length === 0) return '0 tests'
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`
}

/** Why an outcome is not a pass. */
export function reasonOf({ reason, status }: TestOutcome): string {
  return reason ?? (status === 'skip' ? 'skipped' : 'failed')
}
