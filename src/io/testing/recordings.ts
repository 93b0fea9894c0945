import path from 'node:path'
import type { Case } from '../../testing/case.ts'
import type { Recorded } from '../../testing/events.ts'
import type { Position } from '../../text/document.ts'
import { ParapetError } from '../../text/error.ts'
import { readRequests } from '../input/requests.ts'

/** Cases and the folder from which they name recordings. */
export interface CasesOfFolder {
  readonly folder: string
  readonly cases: readonly Case[]
}

/** Where a case names a recording. */
interface Place extends Position {
  readonly file: string
}

/**
 * Reads the recorded requests that cases name, each log once however many cases name it.
 * @throws ParapetError for a log that cannot be read; at the first case that names it, where it is missing
 */
export async function readRecordings(
  all: readonly CasesOfFolder[],
  cwd: string,
): Promise<(folder: string) => Recorded> {
  const wanted = new Map<string, { readonly auditIDs: Set<string>; readonly first: Place }>()
  for (const { folder, cases } of all) {
    for (const one of cases) {
      const { happens } = one
      if (happens.kind !== 'recording') continue
      const file = path.resolve(folder, happens.recording)
      const named = wanted.get(file) ?? {
        auditIDs: new Set(),
        first: { file: one.file, ...happens.recordingAt },
      }
      named.auditIDs.add(happens.auditID)
      wanted.set(file, named)
    }
  }
  const found = new Map<string, ReadonlyMap<string, readonly Uint8Array[]>>()
  for (const [file, { auditIDs, first }] of wanted) {
    try {
      found.set(file, await readRequests(path.relative(cwd, file), auditIDs, cwd))
    } catch (error) {
      throw atCase(error, first)
    }
  }
  return (folder) =>
    ({ recording, auditID }) =>
      found.get(path.resolve(folder, recording))?.get(auditID) ?? []
}

/** A log that is not there is a mistake in the case. */
function atCase(error: unknown, place: Place): unknown {
  if (!(error instanceof ParapetError) || error.code !== 'INPUT_NOT_FOUND') return error
  const help = 'the path of a recording is relative to its case file'
  return new ParapetError(error.code, error.message, { ...place, help, cause: error })
}
