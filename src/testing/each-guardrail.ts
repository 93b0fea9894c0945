import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { Engine, GuardrailQuestion } from './engine.ts'

/** A question, and the guardrails that are asked by themselves where their union fails. */
export interface DivisibleQuestion {
  readonly question: GuardrailQuestion
  readonly apart: readonly GuardrailMetadata[]
}

/** What an engine says about a guardrail. */
export type VerdictOf = (guardrail: GuardrailMetadata) => Verdict

/**
 * Asks an engine, and where a union cannot be answered each guardrail of it, so that only those fail
 * that are to blame. Where none of them fails alone, the union's failure is everybody's.
 */
export async function answerEach(
  engine: Engine<GuardrailQuestion>,
  asked: readonly DivisibleQuestion[],
): Promise<VerdictOf[]> {
  const verdicts = await engine.answer(asked.map(({ question }) => question))
  const failed = asked.flatMap((one, index) =>
    one.question.subject.kind === 'union' && 'problem' in verdicts[index]! ? [{ one, index }] : [],
  )
  const alone = failed.flatMap(({ one: { question, apart }, index }) =>
    apart.map((guardrail) => ({
      index,
      guardrail,
      question: { ...question, subject: { kind: 'guardrail', guardrail } as const },
    })),
  )
  const answers = await engine.answer(alone.map(({ question }) => question))
  const known = verdicts.map(() => new Map<GuardrailMetadata, Verdict>())
  for (const [position, { index, guardrail }] of alone.entries()) {
    known[index]!.set(guardrail, answers[position]!)
  }
  return verdicts.map((verdict, index) => {
    const own = known[index]!
    const isSomebodys = [...own.values()].some((one) => 'problem' in one)
    return (guardrail) => (isSomebodys ? (own.get(guardrail) ?? verdict) : verdict)
  })
}
