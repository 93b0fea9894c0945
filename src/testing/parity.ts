import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { answerEach } from './each-guardrail.ts'
import type { Engine, EngineName, GuardrailQuestion } from './engine.ts'

/** An event that our runtime has judged, for other engines to judge as well. */
export interface Judged {
  readonly question: GuardrailQuestion
  readonly verdict: Verdict
  /** Where the event stands. */
  readonly file: string
  readonly line: number
  /** The note of its case. */
  readonly note?: string
}

/**
 * What an engine must have in common with ours about a guardrail: its messages, whether there are
 * any, or at least that there are some where we have some. Undefined: it is not compared.
 */
export type Relation = 'messages' | 'fires' | 'covers' | undefined

/** Another engine, and what is asked of it. */
export interface Rival {
  readonly engine: Engine<GuardrailQuestion>
  relation(guardrail: GuardrailMetadata, judged: Judged): Relation
}

/** Two engines that decide differently about one guardrail and event. */
export interface Disagreement {
  readonly guardrail: GuardrailMetadata
  readonly judged: Judged
  readonly engine: EngineName
  readonly relation: Exclude<Relation, undefined>
  /** Messages, or why there are none to be had. */
  readonly ours: Said
  readonly theirs: Said
}

/** A disagreement with the conditions that decided on either side, a line each. */
export interface Explained extends Disagreement {
  readonly rego: readonly string[]
  /** Empty where the other engine evaluates the same Rego. */
  readonly falco: readonly string[]
}

/** What an engine says of a guardrail: its messages in order, or what kept it from saying anything. */
export type Said = { readonly messages: readonly string[] } | { readonly problem: string }

/**
 * Asks another engine what ours was asked, and gives what it decides differently.
 * @param guardrails those of the policy; a question about one guardrail is compared for that one
 */
export async function compareEngine(
  judged: readonly Judged[],
  guardrails: readonly GuardrailMetadata[],
  rival: Rival,
): Promise<Disagreement[]> {
  const asked = judged.flatMap((one) => {
    const { subject } = one.question
    const about = subject.kind === 'union' ? guardrails : [subject.guardrail]
    const relations = about.flatMap((guardrail) => {
      const wanted = rival.relation(guardrail, one)
      return wanted ? [{ guardrail, wanted }] : []
    })
    return relations.length > 0 ? [{ one, relations }] : []
  })
  const verdicts = await answerEach(
    rival.engine,
    asked.map(({ one, relations }) => ({
      question: one.question,
      // What ours cannot judge is compared as a whole.
      apart: 'problem' in one.verdict ? [] : relations.map(({ guardrail }) => guardrail),
    })),
  )
  return asked.flatMap(({ one, relations }, index) =>
    relations.flatMap(({ guardrail, wanted }): Disagreement[] => {
      const ours = saidOf(one.verdict, guardrail)
      const theirs = saidOf(verdicts[index]!(guardrail), guardrail)
      if (agree(ours, theirs, wanted)) return []
      return [{ guardrail, judged: one, engine: rival.engine.name, relation: wanted, ours, theirs }]
    }),
  )
}

function saidOf(verdict: Verdict, { id }: GuardrailMetadata): Said {
  if ('problem' in verdict) return { problem: verdict.problem.message }
  const own = verdict.matches.filter(({ rule }) => rule === id)
  return { messages: own.map(({ message }) => message).sort() }
}

function agree(ours: Said, theirs: Said, relation: Exclude<Relation, undefined>): boolean {
  // An engine that cannot judge an event agrees with nobody but another one that cannot.
  if ('problem' in ours || 'problem' in theirs) return 'problem' in ours && 'problem' in theirs
  const [we, they] = [ours.messages, theirs.messages]
  if (relation === 'messages') return JSON.stringify(we) === JSON.stringify(they)
  if (relation === 'covers') return we.length === 0 || they.length > 0
  return we.length > 0 === they.length > 0
}
