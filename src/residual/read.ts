import { Accesses } from './read/accesses.ts'
import { startBranch } from './read/branch.ts'
import { close } from './read/close.ts'
import { numberElements } from './read/elements.ts'
import { either } from './read/logic.ts'
import { opaqueLiteral } from './read/opaque.ts'
import { Reader } from './read/reader.ts'
import { readResidue, type RuleGroup } from './read/rules.ts'
import { TooMuch } from './read/run.ts'
import type { GuardrailResidual, Residual } from './residual.ts'
import { reduce } from './reduce.ts'

/** What the compiler answers when asked for residuals. */
export interface Residues {
  readonly syntax: unknown
  /** Builtins whose value depends on more than their arguments. */
  readonly nondeterministic: readonly string[]
}

/**
 * Reads the residuals of guardrails from what partial evaluation leaves of them.
 *
 * @param entrypoints those of the guardrails, in the order in which they were asked for
 */
export function readResiduals(
  residues: Residues,
  entrypoints: readonly string[],
): readonly GuardrailResidual[] {
  const { violations } = readResidue(residues.syntax)
  const accesses = new Accesses(residues.nondeterministic)
  return violations.map((group, i) => readGuardrail(entrypoints[i]!, group, accesses))
}

const EVERYTHING = { from: 'event', steps: [] } as const

function readGuardrail(
  entrypoint: string,
  group: RuleGroup | undefined,
  accesses: Accesses,
): GuardrailResidual {
  if (!group) return opaqueGuardrail(entrypoint, [EVERYTHING], false)
  const { paths, isPure: pure } = accesses.ofGroup(group)
  const reads = paths.filter(({ from }) => from === 'event')
  try {
    return { entrypoint, residual: readGroup(group, accesses), reads, pure }
  } catch (error) {
    if (error instanceof TooMuch) return opaqueGuardrail(entrypoint, paths, pure)
    throw error
  }
}

/** A guardrail that takes more than the limits allow: it may always find something. */
function opaqueGuardrail(
  entrypoint: string,
  paths: GuardrailResidual['reads'],
  pure: boolean,
): GuardrailResidual {
  const reads = paths.filter(({ from }) => from === 'event')
  return { entrypoint, residual: [[opaqueLiteral(paths, 'more than is followed')]], reads, pure }
}

function readGroup(group: RuleGroup, accesses: Accesses): Residual {
  const reader = new Reader(accesses)
  const branches = group.rules.flatMap(({ body }) => reader.solve(body, startBranch(), group.scope))
  return numberElements(reduce(either(branches.map(close))))
}
