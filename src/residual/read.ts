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

/** A guardrail that is not read, for whatever reason, may always find something. */
function readGuardrail(
  entrypoint: string,
  group: RuleGroup | string,
  accesses: Accesses,
): GuardrailResidual {
  if (typeof group === 'string') return opaqueGuardrail(entrypoint, group)
  try {
    const access = accesses.ofGroup(group)
    const reads = access.paths.filter(({ from }) => from === 'event')
    const residual = orOpaque(access.paths, () => readGroup(group, accesses))
    return { entrypoint, residual, reads, pure: access.isPure }
  } catch (error) {
    return opaqueGuardrail(entrypoint, reasonOf(error))
  }
}

function opaqueGuardrail(entrypoint: string, reason: string): GuardrailResidual {
  const reads = [EVERYTHING]
  return { entrypoint, residual: [[opaqueLiteral(reads, reason)]], reads, pure: false }
}

function orOpaque(paths: GuardrailResidual['reads'], read: () => Residual): Residual {
  try {
    return read()
  } catch (error) {
    return [[opaqueLiteral(paths, reasonOf(error))]]
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TooMuch) return 'reading it takes too many steps'
  return `reading it failed: ${error instanceof Error ? error.message : String(error)}`
}

function readGroup(group: RuleGroup, accesses: Accesses): Residual {
  const reader = new Reader(accesses)
  const branches = group.rules.flatMap(({ body }) => reader.solve(body, startBranch(), group.scope))
  // Twice, because what is written down once may have become shorter.
  return numberElements(reduce(reduce(either(branches.map(close)))))
}
