import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Case } from '../../testing/case.ts'
import { readCaseFile } from '../../testing/case-file.ts'
import { type LocatedDiagnostic, locate } from '../../text/diagnostic.ts'
import type { Document } from '../../text/document.ts'
import { CASES_SUFFIX, policyFolderKind } from '../policy/policy-files.ts'
import { readSource } from '../source.ts'

/** A case file as it was read. */
export interface CaseFile {
  readonly document: Document
  /** Absolute. */
  readonly path: string
  /** None where the file has errors. */
  readonly cases: readonly Case[]
  readonly diagnostics: readonly LocatedDiagnostic[]
  /** The Falco rules file that it stands beside, as shown; undefined for cases of a guardrail. */
  readonly rules?: string
}

/**
 * Reads all case files of a folder and those below it, in the order of their names.
 * @param shown what messages call the folder
 */
export async function readCaseFiles(folder: string, shown: string): Promise<CaseFile[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const files: CaseFile[] = []
  for (const { name, ...entry } of entries.map(kindOf)) {
    const at = path.join(folder, name)
    const as = shown === '.' ? name : `${shown.replace(/\/+$/, '')}/${name}`
    if (entry.isFolder && policyFolderKind(name) === 'read') {
      files.push(...(await readCaseFiles(at, as)))
    } else if (!entry.isFolder && name.endsWith(CASES_SUFFIX)) {
      files.push(await readOne(at, as))
    }
  }
  return files
}

function kindOf(entry: { name: string; isDirectory(): boolean }): {
  name: string
  isFolder: boolean
} {
  return { name: entry.name, isFolder: entry.isDirectory() }
}

async function readOne(file: string, shown: string): Promise<CaseFile> {
  const document = await readSource(file, shown)
  const { cases, diagnostics } = readCaseFile(document)
  const rules = `${file.slice(0, -CASES_SUFFIX.length)}.yaml`
  const hasRules = await stat(rules).then(
    (found) => found.isFile(),
    () => false,
  )
  return {
    document,
    path: file,
    cases,
    diagnostics: diagnostics.map((diagnostic) => locate(diagnostic, [document])),
    ...(hasRules ? { rules: `${shown.slice(0, -CASES_SUFFIX.length)}.yaml` } : {}),
  }
}
