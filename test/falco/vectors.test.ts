import { expect, test } from 'vitest'
import { loadRules, Ruleset } from '../../src/falco/index.ts'
import {
  type Alert,
  answerOf,
  eventName,
  rulesOf,
  titleOf,
  type Vector,
  vectors,
  wantedAnswer,
} from './vector-tools.ts'

/** A vector's answer from the loader and the ruleset. */
function evaluate(vector: Vector): unknown {
  const { compilation, diagnostics } = loadRules([{ file: 'r.yaml', text: rulesOf(vector) }])
  if (!compilation) return diagnostics.find(({ severity }) => severity === 'error')?.code
  const ruleset = new Ruleset(compilation, { ruleMatching: vector.mode ?? 'all' })
  const alerts = vector.events.flatMap((line, place) =>
    ruleset
      .evaluate(Buffer.from(line))
      .map((match): Alert => ({ event: eventName(line, place), ...match })),
  )
  return answerOf(vector, alerts)
}

test.each(vectors.map((vector, i) => [i, titleOf(vector), vector] as const))(
  'vector %i is answered as Falco answered it: %s',
  (_, __, vector) => {
    expect(evaluate(vector)).toEqual(vector.error ?? wantedAnswer(vector))
  },
)
