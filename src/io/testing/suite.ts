import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { TrustPolicy } from '../../bundle/trust.ts'
import { ParapetError } from '../../text/error.ts'
import type { PolicySources } from '../../toolchain/sources.ts'
import { type CaseFile, readCaseFiles } from './case-files.ts'
import { CASES_SUFFIX } from '../policy/policy-files.ts'
import { readPolicySources } from '../policy/policy-sources.ts'
import { narrowed, testedFiles } from './suite-part.ts'

/** The folder in which Falco rules are looked for, beside a policy's folder. */
export const FALCO_FOLDER = 'falco-rules'

/** What is tested together: a policy with its cases, or cases of Falco rules, or both. */
export interface Suite {
  /** The policy's folder, file or bundle as the user would name it. */
  readonly shown: string
  readonly sources?: PolicySources
  readonly caseFiles: readonly CaseFile[]
  /** The folder of Falco rules that stands beside the policy. */
  readonly falco?: string
}

/**
 * Finds what there is to test below a folder: each of its folders with a `.manifest` is a policy of
 * its own. Where it has none, it is a part of the policy that it stands in, or a policy itself.
 * @throws ParapetError for what cannot be read, with every mistake in case files
 */
export async function openSuites(
  source: string,
  cwd: string,
  trust: TrustPolicy | undefined,
): Promise<Suite[]> {
  const folder = path.resolve(cwd, source)
  const kind = await stat(folder).catch(() => undefined)
  if (kind?.isFile() && /\.ya?ml$/.test(source)) throw notTested(source)
  if (!kind?.isDirectory()) {
    return [{ shown: source, sources: await readPolicySources(source, cwd, trust), caseFiles: [] }]
  }
  const policies = await policyFolders(source, folder)
  if (policies.length === 0) {
    const above = await policyAbove(source, folder)
    if (above !== undefined) return partsBelow(await openSuites(above, cwd, trust), folder, cwd)
    policies.push(source)
  }
  const caseFiles = await readCaseFiles(folder, shownAs(source))
  ParapetError.throwFirst(caseFiles.flatMap(({ diagnostics }) => diagnostics))
  const suites: Suite[] = []
  for (const shown of policies) {
    const own = path.resolve(cwd, shown)
    const sources = await readSources(shown, cwd, trust, caseFiles)
    const falco = await falcoBeside(own, shown)
    suites.push({
      shown,
      ...(sources ? { sources } : {}),
      caseFiles: caseFiles.filter((file) => file.rules === undefined && isBelow(file.path, own)),
      ...(falco === undefined ? {} : { falco }),
    })
  }
  const ofRules = caseFiles.filter(({ rules }) => rules !== undefined)
  return ofRules.length === 0 ? suites : [...suites, { shown: source, caseFiles: ofRules }]
}

/** Cases and Falco rules are tested with what stands beside them. */
function notTested(source: string): ParapetError {
  const { dir, base } = path.posix.parse(shownAs(source))
  const cases = base.endsWith(CASES_SUFFIX) ? base : base.replace(/\.ya?ml$/, CASES_SUFFIX)
  return new ParapetError('USAGE', `\`${source}\` is no folder, .rego file or bundle`, {
    file: source,
    help: `to run one file of cases, name its folder: parapet test ${dir || '.'} --run ${cases}`,
  })
}

async function policyFolders(source: string, folder: string): Promise<string[]> {
  if (await hasManifest(folder)) return [source]
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && (await hasManifest(path.join(folder, entry.name)))) {
      found.push(path.posix.join(source, entry.name))
    }
  }
  return found.sort()
}

/** The nearest policy that a folder stands in, as messages call it. */
async function policyAbove(source: string, folder: string): Promise<string | undefined> {
  let shown = shownAs(source)
  for (let at = path.dirname(folder); at !== path.dirname(at); at = path.dirname(at)) {
    shown = path.posix.join(shown, '..')
    if (await hasManifest(at)) return shown
  }
  return undefined
}

function hasManifest(folder: string): Promise<boolean> {
  return stat(path.join(folder, '.manifest')).then(
    () => true,
    () => false,
  )
}

/** What of policies stands below one of their folders. */
function partsBelow(suites: readonly Suite[], folder: string, cwd: string): Suite[] {
  return suites.map((suite) => {
    const { modules, caseFiles } = testedFiles(suite)
    const below = [...modules, ...caseFiles]
      .map(({ file }) => path.posix.dirname(file))
      .filter((at) => isBelow(path.resolve(cwd, at), folder))
    return narrowed(suite, new Set(below.map((at) => path.posix.normalize(at))))
  })
}

/** A folder of Falco rules alone has cases and no Rego. */
async function readSources(
  shown: string,
  cwd: string,
  trust: TrustPolicy | undefined,
  caseFiles: readonly CaseFile[],
): Promise<PolicySources | undefined> {
  try {
    return await readPolicySources(shown, cwd, trust)
  } catch (error) {
    const isEmpty = error instanceof ParapetError && error.code === 'POLICY_EMPTY'
    if (isEmpty && caseFiles.some(({ rules }) => rules !== undefined)) return undefined
    throw error
  }
}

async function falcoBeside(folder: string, shown: string): Promise<string | undefined> {
  const inside = [path.join(folder, FALCO_FOLDER), path.posix.join(shown, FALCO_FOLDER)] as const
  const beside = [
    path.join(path.dirname(folder), FALCO_FOLDER),
    path.posix.join(path.posix.normalize(`${shown}/..`), FALCO_FOLDER),
  ] as const
  for (const [at, as] of [inside, beside]) {
    const kind = await stat(at).catch(() => undefined)
    if (kind?.isDirectory()) return as
  }
  return undefined
}

function isBelow(file: string, folder: string): boolean {
  return !path.relative(folder, file).startsWith('..')
}

function shownAs(source: string): string {
  return path.posix.normalize(source.replaceAll('\\', '/'))
}
