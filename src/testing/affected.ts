import { posix } from 'node:path'
import { mayMeanOthers } from '../rego/meant-guardrails.ts'

interface Module {
  /** As messages show it. */
  readonly file: string
  readonly text: string
}

interface CaseFile {
  readonly file: string
  /** The Falco rules file that it stands beside; undefined for cases of a guardrail. */
  readonly rules?: string
}

/** Files that are tested together. */
export interface TestedFiles {
  readonly modules: readonly Module[]
  readonly caseFiles: readonly CaseFile[]
}

/**
 * What must be tested again after changes: folders of guardrails and case files of Falco rules, or all,
 * where a change may decide about anything.
 */
export function affectedBy(
  suites: readonly TestedFiles[],
  changed: readonly string[],
): ReadonlySet<string> | 'all' {
  const units = changed.map((file) =>
    suites.map((suite) => unitOf(suite, posix.normalize(file))).find((unit) => unit !== undefined),
  )
  return units.every((unit) => unit !== undefined) ? new Set(units) : 'all'
}

/** Whether a module is needed to test what is affected: its own, or shared by all, but for their tests. */
export function isNeeded(
  { file, text }: Module,
  { modules }: TestedFiles,
  affected: ReadonlySet<string>,
): boolean {
  const folder = folderOf(file)
  if (affected.has(folder)) return true
  return packagesIn(modules, folder) === undefined && !/^package\s+\S+_test\s/m.test(text)
}

/** Whether what stands in a file, a result or a case, is about what is affected. */
export function isAbout(file: string, affected: ReadonlySet<string>): boolean {
  return affected.has(folderOf(file)) || affected.has(posix.normalize(file))
}

function unitOf({ modules, caseFiles }: TestedFiles, file: string): string | undefined {
  const cases = caseFiles.find((one) => posix.normalize(one.file) === file)
  if (cases?.rules !== undefined) return file
  const folder = folderOf(file)
  if (!/\.(?:rego|cases\.yaml)$/.test(file) || !packagesIn(modules, folder)) return undefined
  const isApart = modules.every(
    (module) => !mayMeanOthers(module.text, packagesIn(modules, folderOf(module.file)) ?? []),
  )
  return isApart ? folder : undefined
}

/** The packages of a folder that has guardrails and their tests alone. */
function packagesIn(modules: readonly Module[], folder: string): string[] | undefined {
  const own = modules.filter(({ file }) => folderOf(file) === folder)
  const packages = own.map(({ text }) =>
    /^package\s+(guardrails\.\w+\.\w+?)(?:_test)?\s/m.exec(text),
  )
  if (own.length === 0 || packages.includes(null)) return undefined
  return packages.map((found) => found![1]!)
}

function folderOf(file: string): string {
  return posix.dirname(posix.normalize(file))
}
