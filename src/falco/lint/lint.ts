/** Everything that `parapet falco check` says of rules files. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import type { Document } from '../../text/document.ts'
import type { Compilation } from '../rules/compile.ts'
import { loadRules } from '../rules/load.ts'
import { comparisons } from './comparisons.ts'
import { appendBinds, listNames, otherSources, redefined, unknownLists } from './definitions.ts'
import { unusedExceptions } from './exceptions.ts'
import { auditLevels, everyStage, fieldNotes } from './fields.ts'
import { Formulas } from './formula.ts'
import { hiddenRules } from './hidden.ts'
import { neverTrue } from './never.ts'
import { lintSubject } from './subject.ts'

export interface LintedRules {
  /** Undefined where Falco refuses the files; only its own errors are then reported. */
  readonly compilation?: Compilation
  /** In order of files and places. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Checks rules files as Falco would, in the order in which it would load them, and looks further. */
export function lintRules(documents: readonly Document[]): LintedRules {
  const { compilation, diagnostics } = loadRules(documents)
  if (!compilation) return { diagnostics }
  const all = [...diagnostics, ...lintCompilation(compilation)]
  return { compilation, diagnostics: inOrder(all, documents) }
}

function lintCompilation(compilation: Compilation): Diagnostic[] {
  const subject = lintSubject(compilation)
  const formulas = new Formulas()
  return [
    ...otherSources(subject),
    ...redefined(subject),
    ...appendBinds(subject),
    ...listNames(subject),
    ...unknownLists(subject),
    ...comparisons(subject),
    ...fieldNotes(subject),
    ...neverTrue(subject, formulas),
    ...unusedExceptions(subject, formulas),
    ...hiddenRules(subject, formulas),
    ...auditLevels(subject),
    ...everyStage(subject),
  ]
}

function inOrder(diagnostics: readonly Diagnostic[], documents: readonly Document[]): Diagnostic[] {
  const order = new Map(documents.map(({ file }, i) => [file, i]))
  const fileOf = ({ file }: Diagnostic): number => order.get(file ?? '') ?? -1
  return diagnostics.toSorted(
    (a, b) => fileOf(a) - fileOf(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0),
  )
}
