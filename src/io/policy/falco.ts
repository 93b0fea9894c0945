import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { FalcoEvaluator } from '../../engine/falco.ts'
import {
  type Compilation,
  type CompiledRule,
  loadRules,
  type RuleMatching,
  Ruleset,
} from '../../falco/index.ts'
import { locate } from '../../text/diagnostic.ts'
import type { Document } from '../../text/document.ts'
import { ParapetError } from '../../text/error.ts'
import { CASES_SUFFIX } from './policy-files.ts'
import { type Place, placeOf, type Source } from './place.ts'
import { readSource } from '../source.ts'

/** Falco rules that are to be evaluated, as texts. */
export interface FalcoSource {
  readonly kind: 'falco'
  readonly name: string
  readonly documents: readonly Document[]
  readonly ruleMatching: RuleMatching
}

export interface FalcoRequest {
  /** Rules files, or folders of them, in the order in which Falco would load them. */
  readonly files: readonly Source[]
  readonly ruleMatching?: RuleMatching | undefined
  readonly cwd: string
  /** Receives what a user should know and what is no error. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/**
 * Loads Falco rules to be evaluated in this thread.
 *
 * @throws ParapetError with Falco's code (`LOAD_ERR_…`) where Falco would refuse the files.
 */
export async function loadFalcoRules(request: FalcoRequest): Promise<FalcoEvaluator> {
  return makeFalcoEvaluator(await readFalcoRules(request), request.onNotice)
}

/** @throws ParapetError `LOAD_ERR_FILE_READ` */
export async function readFalcoRules(request: FalcoRequest): Promise<FalcoSource> {
  const { files, cwd, ruleMatching = 'all' } = request
  const documents = await readRulesFiles(files, cwd)
  const names = files.map((file) => placeOf(file, cwd).shown)
  return { kind: 'falco', name: names.join(', '), documents, ruleMatching }
}

/**
 * Compiles Falco rules.
 *
 * @param onNotice receives what a user should know and what is no error
 * @throws ParapetError with Falco's code where Falco would refuse the files.
 */
export function makeFalcoEvaluator(
  { name, documents, ruleMatching }: FalcoSource,
  onNotice?: (text: string) => void,
): FalcoEvaluator {
  const compilation = compileRules(documents)
  for (const notice of notRun(compilation.rules)) onNotice?.(notice)
  return new FalcoEvaluator(name, new Ruleset(compilation, { ruleMatching }))
}

/** What some files were compiled to last: while tests are watched, rules seldom change. */
const compiled = new Map<string, { readonly texts: string; readonly compilation: Compilation }>()

/** Reads and compiles rules files; throws as `loadFalcoRules`. */
export async function compileRulesFiles(
  files: readonly Source[],
  cwd: string,
): Promise<Compilation> {
  const documents = await readRulesFiles(files, cwd)
  const key = JSON.stringify([cwd, files])
  const texts = JSON.stringify(documents.map(({ file, text }) => [file, text]))
  const known = compiled.get(key)
  if (known?.texts === texts) return known.compilation
  const compilation = compileRules(documents)
  compiled.set(key, { texts, compilation })
  return compilation
}

/**
 * Compiles rules that were read.
 * @throws ParapetError with every mistake in them
 */
export function compileRules(documents: readonly Document[]): Compilation {
  const { compilation, diagnostics } = loadRules(documents)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, documents)))
  return compilation!
}

/** Reads rules files; of a folder all YAML files directly in it, by name, as Falco does. */
export async function readRulesFiles(
  files: readonly Source[],
  cwd: string,
): Promise<readonly Document[]> {
  const documents: Document[] = []
  for (const file of files) {
    for (const place of await rulesFilesAt(placeOf(file, cwd))) {
      documents.push(await readRulesFile(place))
    }
  }
  return documents
}

async function readRulesFile({ path: file, shown }: Place): Promise<Document> {
  try {
    return await readSource(file, shown)
  } catch (error) {
    if (!(error instanceof ParapetError)) throw error
    throw unreadable(shown, error.message, error)
  }
}

async function rulesFilesAt(place: Place): Promise<Place[]> {
  const { path: at, shown } = place
  const kind = await stat(at).catch((cause) => {
    throw unreadable(shown, `the rules file \`${shown}\` cannot be read`, cause)
  })
  if (!kind.isDirectory()) return [place]
  const names = await readdir(at)
  const rules = names.filter(isRulesFile).toSorted()
  if (rules.length > 0) {
    return rules.map((name) => ({ path: path.join(at, name), shown: path.join(shown, name) }))
  }
  throw unreadable(shown, `there are no rules files in \`${shown}\``)
}

function unreadable(file: string, message: string, cause?: unknown): ParapetError {
  const help = 'give an existing YAML file, or a folder of them'
  return new ParapetError('LOAD_ERR_FILE_READ', message, { file, help, cause })
}

/** Rules of sources other than audit events, by source: they are loaded, and not evaluated. */
function notRun(rules: readonly CompiledRule[]): string[] {
  const counts = new Map<string, number>()
  for (const { definition, program } of rules) {
    if (!program) counts.set(definition.source, (counts.get(definition.source) ?? 0) + 1)
  }
  return [...counts].map(
    ([source, count]) =>
      `${count} Falco ${count === 1 ? 'rule' : 'rules'} of the source ${source}: not evaluated, only k8s_audit is`,
  )
}

/** Cases of rules stand beside them and are none. */
function isRulesFile(name: string): boolean {
  return /\.ya?ml$/.test(name) && !name.endsWith(CASES_SUFFIX)
}
