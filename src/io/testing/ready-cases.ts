import path from 'node:path'
import type { GuardrailMetadata } from '../../rego/metadata.ts'
import type { Case } from '../../testing/case.ts'
import type { Subject } from '../../testing/engine.ts'
import { eventsOf } from '../../testing/events.ts'
import type { ReadyCase } from '../../testing/run.ts'
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import { ParapetError } from '../../text/error.ts'
import type { CaseFile } from './case-files.ts'
import { CASES_SUFFIX } from '../policy/policy-files.ts'
import { readRecordings } from './recordings.ts'

/** Says by its name whether a case is asked for: `FILE: SUBJECT: NOTE`. */
export type CaseChooser = (name: string) => boolean

/** A case file and what it is about. */
export interface SubjectFile<S extends Subject> {
  readonly file: CaseFile
  /** Guardrail id or rules file. */
  readonly id: string
  /** The subject of one of its cases. */
  readonly subjectOf: (one: Case) => S
}

/**
 * Puts the cases that are asked for and their events together.
 * @throws ParapetError with every case that names an event that is not there, or is no event
 */
export async function readyCases<S extends Subject>(
  files: readonly SubjectFile<S>[],
  cwd: string,
  isChosen: CaseChooser,
): Promise<ReadyCase<S>[]> {
  const chosen = files.map(({ file, id, subjectOf }) => ({
    folder: path.dirname(file.path),
    cases: file.cases.filter((one) => isChosen(`${one.file}: ${id}: ${one.note}`)),
    subjectOf,
  }))
  const recordings = await readRecordings(chosen, cwd)
  const problems: LocatedDiagnostic[] = []
  const ready = chosen.flatMap(({ folder, cases, subjectOf }) => {
    const recorded = recordings(folder)
    return cases.flatMap((one) => {
      const found = eventsOf(one, recorded)
      if ('events' in found) return [{ case: one, subject: subjectOf(one), events: found.events }]
      const { problem, at = { line: one.line }, ...help } = found
      problems.push({ ...problem, severity: 'error', file: one.file, ...at, ...help })
      return []
    })
  })
  ParapetError.throwFirst(problems)
  return ready
}

/**
 * The guardrail that a case file is about: the one of the same name beside it, or the only one in its
 * folder.
 * @throws ParapetError `CASES_WITHOUT_GUARDRAIL`
 */
export function guardrailOf(
  { document: { file } }: CaseFile,
  guardrails: readonly GuardrailMetadata[],
): GuardrailMetadata {
  const folder = path.posix.dirname(file)
  const beside = guardrails.filter(
    (guardrail) => path.posix.dirname(path.posix.normalize(guardrail.file)) === folder,
  )
  const name = `${file.slice(0, -CASES_SUFFIX.length)}.rego`
  const named = beside.find((guardrail) => path.posix.normalize(guardrail.file) === name)
  if (named) return named
  if (beside.length === 1) return beside[0]!
  const why = beside.length === 0 ? 'is no guardrail' : 'are several guardrails'
  throw new ParapetError('CASES_WITHOUT_GUARDRAIL', `beside this case file ${why}`, {
    file,
    help: `name it after the file of its guardrail: NAME${CASES_SUFFIX} beside NAME.rego`,
  })
}
