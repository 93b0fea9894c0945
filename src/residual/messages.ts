import type { Saying } from './message.ts'
import type { Residues } from './read.ts'
import { Accesses } from './read/accesses.ts'
import { readSayings } from './read/message.ts'
import { Reader } from './read/reader.ts'
import { guardrailRules, readResidue } from './read/rules.ts'
import { NotUnderstood, TooMuch } from './read/run.ts'

/**
 * Reads what guardrails say from what partial evaluation leaves of them: for each rule of a
 * `violation` its message. Nothing where that is not understood.
 *
 * @param entrypoints those of the guardrails, in the order in which they were asked for
 */
export function readMessages(
  residues: Residues,
  entrypoints: readonly string[],
): readonly (readonly Saying[])[] {
  const { violations } = readResidue(residues.syntax)
  const accesses = new Accesses(residues.nondeterministic)
  return violations.map((group, i) => {
    const rules = typeof group === 'string' ? undefined : guardrailRules(group, entrypoints[i]!)
    try {
      return rules ? readSayings(new Reader(accesses), rules) : []
    } catch (error) {
      if (error instanceof TooMuch || error instanceof NotUnderstood) return []
      throw error
    }
  })
}
