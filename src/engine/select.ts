import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import type { Evaluator, Match } from './evaluator.ts'

/** What a selection looks at. */
type Named = Pick<Match, 'rule' | 'tags'>

/**
 * Compiles `--only` and `--skip`, each a guardrail id, rule name or tag; undefined where both are empty.
 *
 * @throws ParapetError `USAGE` for a name that no loaded guardrail carries: a typing error there
 *   would otherwise switch everything off, or nothing.
 */
export function compileSelection(
  only: readonly string[],
  skip: readonly string[],
  evaluators: readonly Evaluator[],
): ((match: Named) => boolean) | undefined {
  if (only.length === 0 && skip.length === 0) return undefined
  checkNames([...only, ...skip], evaluators)
  const named = (names: readonly string[], match: Named): boolean =>
    names.some((name) => match.rule === name || match.tags.includes(name))
  return (match) => (only.length === 0 || named(only, match)) && !named(skip, match)
}

function checkNames(names: readonly string[], evaluators: readonly Evaluator[]): void {
  const known = new Set<string>()
  for (const { labels } of evaluators) {
    if (!labels) return
    for (const label of labels) known.add(label)
  }
  for (const name of names) {
    if (known.has(name)) continue
    const meant = nearest(name, known)
    throw new ParapetError('USAGE', `no guardrail has the id or tag \`${name}\``, {
      help: meant
        ? `did you mean \`${meant}\`?`
        : 'see the ids and tags in the reference of guardrails',
    })
  }
}
