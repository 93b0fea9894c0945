/** Rules that never fire under `rule_matching: first`, because an earlier one always does. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import { HIDDEN_PAIRS_MAX } from '../../text/limits.ts'
import type { Formula, Formulas } from './formula.ts'
import { finding } from './report.ts'
import { satisfiable } from './satisfiable.ts'
import type { LintSubject } from './subject.ts'

export function hiddenRules({ rules }: LintSubject, formulas: Formulas): Diagnostic[] {
  const enabled = rules
    .filter(({ definition }) => definition.enabled)
    .map((rule) => ({ rule, formula: formulas.of(rule.condition) }))
    .filter(({ formula }) => satisfiable(formula))
  if (enabled.length ** 2 / 2 > HIDDEN_PAIRS_MAX) return []
  const found: Diagnostic[] = []
  for (const [i, { rule, formula }] of enabled.entries()) {
    const earlier = enabled
      .slice(0, i)
      .find((other) => !satisfiable(laterOnly(formula, other.formula)))?.rule.definition
    if (!earlier) continue
    const { name, place } = rule.definition
    found.push(
      finding(
        'FALCO_HIDDEN_RULE',
        `the rule \`${name}\` never fires under \`rule_matching: first\`: whatever it matches, \`${earlier.name}\` matches before`,
        place,
        'put the more special rule first, or exclude its case from the earlier one',
      ),
    )
  }
  return found
}

/** What the later rule matches and the earlier one does not. */
function laterOnly(later: Formula, earlier: Formula): Formula {
  return { kind: 'and', children: [{ kind: 'not', child: earlier }, later] }
}
