import type { ProvedEvent } from '../audit/proved.ts'
import type { Problem } from '../engine/admission.ts'
import { EventFacts } from '../engine/compose.ts'
import type { Finding } from '../engine/finding.ts'
import type { Verdict } from '../engine/judge.ts'
import type { Case } from './case.ts'
import { compareFindings, type Fit } from './compare.ts'
import type { Engine, Question, Subject } from './engine.ts'

/** A case with everything that it takes to judge it. */
export interface ReadyCase<S extends Subject = Subject> {
  readonly case: Case
  readonly subject: S
  readonly events: readonly ProvedEvent[]
}

/** What became of a case. */
export interface CaseResult<S extends Subject = Subject> extends ReadyCase<S> {
  /** `error`: it could not be judged. */
  readonly status: 'pass' | 'fail' | 'error'
  /** Of all its events, in their order; in the engine's own words. */
  readonly findings: readonly Finding[]
  readonly fit: Fit
  /** What the engine said of each event. */
  readonly verdicts: readonly Verdict[]
  readonly problem?: Problem
}

/** Runs cases on one engine. Each event counts for itself: stages of a request are not taken together. */
export async function runCases<S extends Subject>(
  cases: readonly ReadyCase<S>[],
  engine: Engine<Question<S>>,
): Promise<CaseResult<S>[]> {
  const questions = cases.flatMap(questionsOf)
  const verdicts = await engine.answer(questions)
  let next = 0
  return cases.map((ready) => {
    const end = next + ready.events.length
    const own = verdicts.slice(next, end)
    next = end
    return resultOf(ready, own)
  })
}

/** What a case asks: one question for each of its events. */
export function questionsOf<S extends Subject>({
  case: { data },
  subject,
  events,
}: ReadyCase<S>): Question<S>[] {
  return events.map((event) => ({ subject, event, ...(data ? { data } : {}) }))
}

/** What becomes of a case by what an engine says of its events. */
export function resultOf<S extends Subject>(
  ready: ReadyCase<S>,
  verdicts: readonly Verdict[],
): CaseResult<S> {
  const { want, file, line } = ready.case
  const findings = verdicts.flatMap((verdict, index) => {
    if (!('matches' in verdict)) return []
    const facts = new EventFacts({ event: ready.events[index]! }, false)
    return verdict.matches.map((match) => facts.finding(match, file, line))
  })
  const fit = compareFindings(want, findings)
  const failed = verdicts.find((verdict) => 'problem' in verdict)
  const result = { ...ready, findings, fit, verdicts }
  if (failed) return { ...result, status: 'error', problem: failed.problem }
  return { ...result, status: fit.agrees ? 'pass' : 'fail' }
}
