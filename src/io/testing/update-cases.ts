import path from 'node:path'
import type { CaseResult } from '../../testing/run.ts'
import { updatedCaseFile } from '../../testing/update.ts'
import { readSource } from '../source.ts'
import { writeWhole } from '../write-file.ts'

/**
 * Rewrites the case files of cases that failed, so that each wants what was found in it.
 * @returns how many cases were changed, by file
 */
export async function updateCases(
  results: readonly CaseResult[],
  cwd: string,
): Promise<ReadonlyMap<string, number>> {
  const files = new Map<string, CaseResult[]>()
  for (const result of results) {
    if (result.status !== 'fail') continue
    const { file } = result.case
    files.set(file, [...(files.get(file) ?? []), result])
  }
  for (const [shown, failed] of files) {
    const file = path.resolve(cwd, shown)
    const document = await readSource(file, shown)
    await writeWhole(file, updatedCaseFile(document, failed), { shown })
  }
  return new Map([...files].map(([file, { length }]) => [file, length]))
}
