import { availableParallelism } from 'node:os'
import type { TrustPolicy } from '../../bundle/trust.ts'
import { Baseline } from '../../engine/baseline.ts'
import { BlindSpots, type Watcher } from '../../engine/blind-spots.ts'
import type { Evaluator } from '../../engine/evaluator.ts'
import { compileFilter, type FilterOptions } from '../../engine/filter.ts'
import type { MatchRules } from '../../engine/matcher.ts'
import type { RuleMatching } from '../../falco/index.ts'
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import { DEDUP_AUDIT_IDS } from '../../text/limits.ts'
import type { Priority } from '../../text/priority.ts'
import { type Cut, usualCut } from './cut.ts'
import type { EvaluatorSource } from '../policy/evaluators.ts'
import { openInputs } from '../input/inputs.ts'
import { loadPolicies } from '../policy/policies.ts'
import { ScanRun } from './scan-run.ts'
import { prepare, type Wanted } from './wanted.ts'

export type { ScanResult, ScanRun } from './scan-run.ts'

export interface ScanOptions {
  /** Folders, .rego files, bundles or `builtin`; the built-in pack where none is given. */
  readonly policies?: readonly string[]
  /** JSON or YAML files merged over the default data, in order. */
  readonly data?: readonly string[]
  /** Decisions (slash paths) of Rego that was not written for Parapet. */
  readonly decisions?: readonly string[]
  /** Falco rules files or folders of them. With these, the built-in pack runs only where it is named. */
  readonly falco?: readonly string[]
  /** Whether all Falco rules that match an event report it (default), or only the first. */
  readonly ruleMatching?: RuleMatching
  /** Whose bundles are accepted; every policy but `builtin` must then be a bundle that they signed. */
  readonly trust?: TrustPolicy | undefined
  /** Guardrail ids, rule names or tags. */
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly minPriority?: Priority
  /** RFC 3339 or a duration back from now; inclusive. */
  readonly since?: string
  /** The same; exclusive. */
  readonly until?: string
  /** `KEY=GLOB[,GLOB]` or `KEY!=GLOB`. */
  readonly where?: readonly string[]
  /** Keeps the findings of every stage of a request. */
  readonly everyStage?: boolean
  /** A file of findings that are known, which `parapet baseline` writes: they are counted apart. */
  readonly baseline?: string
  /** Requests remembered to drop repeats. */
  readonly dedupWindow?: number
  /** False gives texts as the engines wrote them, secrets included. */
  readonly redact?: boolean
  /** False evaluates every event, whether or not it can match: slow, and the same findings. */
  readonly index?: boolean
  /**
   * Threads that evaluate large inputs, as many as the machine has cores by default. What comes out is
   * the same for any number. With 1 all is done in the calling thread.
   */
  readonly workers?: number
  /** How inputs are cut for threads. */
  readonly cut?: Cut
  /** Cap of one policy's memory, in bytes; each thread has a memory of its own. */
  readonly maxMemoryBytes?: number
  /** The folder that relative paths are read from; the process's own by default. */
  readonly cwd?: string
  /** Where caches are looked for; the process's own by default. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly signal?: AbortSignal
  /** Receives each line or event that could not be judged. */
  readonly onIncomplete?: (diagnostic: LocatedDiagnostic) => void
  /** Called now and then with the bytes read so far, as stored. */
  readonly onProgress?: (position: number) => void
  /** Receives what a user should know and what is no error, such as files that were passed over. */
  readonly onNotice?: (text: string) => void
}

/**
 * Scans audit logs. Everything that can be wrong with the request itself (paths, policies, data,
 * options) is thrown here; reading begins when the result is iterated.
 *
 * @param inputs files, folders of rotated logs, globs, `-` for standard input
 * @throws ParapetError
 */
export async function scan(inputs: readonly string[], options: ScanOptions = {}): Promise<ScanRun> {
  const cwd = options.cwd ?? process.cwd()
  const filter = filterOptions(options)
  // What is wrong with it is said before anything is opened.
  compileFilter(filter)
  const opened = await openInputs(inputs, { cwd, stdin: options.stdin ?? process.stdin })
  for (const notice of opened.notices) options.onNotice?.(notice)
  const wanted: Wanted = {
    sources: await readSources(options, cwd),
    filter,
    only: options.only ?? [],
    skip: options.skip ?? [],
    minPriority: options.minPriority,
    redact: options.redact ?? true,
    index: options.index,
  }
  const baseline =
    options.baseline === undefined ? undefined : await loadBaseline(options.baseline, cwd)
  const { evaluators, rules } = await prepare(wanted, options.onNotice)
  return new ScanRun(opened.inputs, {
    wanted,
    evaluators,
    rules,
    dedupWindow: options.everyStage ? 0 : (options.dedupWindow ?? DEDUP_AUDIT_IDS),
    workers: options.workers ?? availableParallelism(),
    cut: options.cut ?? usualCut,
    baseline,
    blindSpots: watch(evaluators, rules.select),
    options,
  })
}

/** Times that are counted back from now are the same in all threads. */
export function filterOptions({
  since,
  until,
  where,
}: Pick<ScanOptions, 'since' | 'until' | 'where'>): FilterOptions {
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(where === undefined ? {} : { where }),
    now: Date.now() * 1000,
  }
}

async function readSources(options: ScanOptions, cwd: string): Promise<EvaluatorSource[]> {
  const { falco = [], policies = [], ruleMatching } = options
  const sources: EvaluatorSource[] = []
  // A key to verify with needs a bundle to verify; rules files have no signature.
  if (falco.length === 0 || policies.length > 0 || options.trust) {
    sources.push(...(await loadPolicies({ ...options, cwd })))
  }
  if (falco.length > 0) {
    const { readFalcoRules } = await import('../policy/falco.ts')
    sources.push(await readFalcoRules({ files: falco, ruleMatching, cwd }))
  }
  return sources
}

/** Looks out for what the selected guardrails cannot see. */
function watch(
  evaluators: readonly Evaluator[],
  select: MatchRules['select'],
): BlindSpots | undefined {
  const guardrails = evaluators
    .flatMap(({ rules }) => rules)
    .filter(({ engine, id, tags }) => engine === 'rego' && (!select || select({ rule: id, tags })))
  if (guardrails.length === 0) return undefined
  const ids = new Set(guardrails.map(({ id }) => id))
  const watchers = (): readonly Watcher[] =>
    evaluators.flatMap((evaluator) => evaluator.watchers ?? []).filter(({ rule }) => ids.has(rule))
  return new BlindSpots(watchers, guardrails.length)
}

async function loadBaseline(file: string, cwd: string): Promise<Baseline> {
  const { readBaselineFile } = await import('./baseline.ts')
  return new Baseline(await readBaselineFile(file, cwd), file)
}
