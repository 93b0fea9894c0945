import path from 'node:path'
import { readBaseline } from '../../engine/baseline-file.ts'
import type { KnownFinding } from '../../engine/baseline.ts'
import { locate } from '../../text/diagnostic.ts'
import { ParapetError } from '../../text/error.ts'
import { readSource } from '../source.ts'

/**
 * Reads the entries of a baseline.
 * @throws ParapetError `FILE_UNREADABLE`, `BASELINE_INVALID` and others with a place in the file
 */
export async function readBaselineFile(
  file: string,
  cwd: string,
): Promise<readonly KnownFinding[]> {
  const document = await readSource(path.resolve(cwd, file), file)
  const { entries, diagnostics } = readBaseline(document)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
  return entries
}
