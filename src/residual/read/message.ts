import type { MessagePart, Saying } from '../message.ts'
import { reduce } from '../reduce.ts'
import { close } from './close.ts'
import { membersOf } from './compare.ts'
import { numberElements } from './elements.ts'
import { either } from './logic.ts'
import { partsOf } from './message-parts.ts'
import { elementsOfRules } from './rule.ts'
import type { RuleGroup } from './rules.ts'
import type { Run } from './run.ts'
import { sayingsOf } from './sayings.ts'
import { constant } from './value.ts'

/** What each rule of a set of violations says, in the order of the sources. */
export function readSayings(run: Run, group: RuleGroup): readonly Saying[] {
  return group.rules.flatMap((rule) => {
    const ways = elementsOfRules(run, { ...group, rules: [rule] })
    if (ways.length === 0) return []
    const branches = ways.map(({ literals, ranges }) => ({
      variables: undefined,
      literals,
      ranges,
    }))
    const found = ways.map(({ value }, i) => ({
      branch: branches[i]!,
      parts: partsOf(run, membersOf(value)?.get('message') ?? constant(''), branches[i]!.literals),
    }))
    const when = numberElements(reduce(either(branches.map(close))))
    return [{ when, parts: together(sayingsOf(found)) }]
  })
}

/** Ways to say much the same become one, part by part, where they have as many parts. */
function together(sayings: readonly Saying[]): readonly MessagePart[] {
  const [first] = sayings
  if (!first) return []
  if (sayings.some(({ parts }) => parts.length !== first.parts.length)) return choiceOf(sayings)
  return first.parts.flatMap((_, i) =>
    choiceOf(sayings.map(({ when, parts }) => ({ when, parts: [parts[i]!] }))),
  )
}

/** Each text once. */
function distinctSayings(sayings: readonly Saying[]): readonly Saying[] {
  const byParts = new Map<string, Saying>()
  for (const { when, parts } of sayings) {
    const key = JSON.stringify(parts)
    byParts.set(key, { when: either(byParts.get(key)?.when ?? [], when), parts })
  }
  return [...byParts.values()]
}

function choiceOf(sayings: readonly Saying[]): readonly MessagePart[] {
  const of = distinctSayings(sayings)
  return of.length === 1 ? of[0]!.parts : [{ kind: 'choice', of }]
}
