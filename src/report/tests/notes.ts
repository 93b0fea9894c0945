import { renderDiagnostic } from '../../text/diagnostic.ts'
import { clean } from '../clean.ts'
import { recordingsText, type TestRun } from './outcome.ts'
import { coverageLines, mutationLines } from './reach.ts'

/** What a report says besides its outcomes, under one name. */
export interface Note {
  readonly name: 'warnings' | 'coverage' | 'mutants' | 'recordings'
  readonly lines: readonly string[]
}

/** What is said besides the outcomes, without colours; only of what there is something to say. */
export function notesOf({ diagnostics, coverage, mutation, recordings }: TestRun): Note[] {
  const warnings = diagnostics.flatMap((one) => renderDiagnostic(one).split('\n').map(clean))
  return [
    ...(warnings.length > 0 ? [{ name: 'warnings', lines: warnings } as const] : []),
    ...(coverage
      ? [{ name: 'coverage', lines: coverageLines(coverage, (_style, text) => text) } as const]
      : []),
    ...(recordings ? [{ name: 'recordings', lines: [recordingsText(recordings)] } as const] : []),
    ...(mutation ? [{ name: 'mutants', lines: mutationLines(mutation) } as const] : []),
  ]
}
