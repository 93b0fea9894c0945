import { type Compared, Comparison, type Side } from '../../engine/comparison.ts'
import type { ScanSummary } from '../../engine/counts.ts'
import type { Evaluator } from '../../engine/evaluator.ts'
import { compileFilter } from '../../engine/filter.ts'
import { Scan } from '../../engine/scan.ts'
import { compileSelection } from '../../engine/select.ts'
import { DEDUP_AUDIT_IDS } from '../../text/limits.ts'
import { checkOut, type CheckedOut, isGitSource, parseGitSource } from '../policy/git-tree.ts'
import { type Input, openInputs } from '../input/inputs.ts'
import type { Source } from '../policy/place.ts'
import { loadEvaluators } from '../policy/policies.ts'
import { readEvents, sizeOf } from './read-events.ts'
import { filterOptions, type ScanOptions } from './scan.ts'

/** What one side evaluates. */
export interface BacktestSide {
  /**
   * Folders, .rego files, bundles or `builtin`; Falco rules files (.yaml); each also as `git:REV:PATH`,
   * or `git:REV` for the path that the other side has.
   */
  readonly sources: readonly string[]
  /** JSON or YAML files merged over the data, on top of what both sides get. */
  readonly data?: readonly string[]
}

export interface BacktestOptions extends Pick<
  ScanOptions,
  | 'data'
  | 'only'
  | 'skip'
  | 'minPriority'
  | 'since'
  | 'until'
  | 'where'
  | 'dedupWindow'
  | 'maxMemoryBytes'
  | 'cwd'
  | 'stdin'
  | 'signal'
  | 'onIncomplete'
  | 'onProgress'
  | 'onNotice'
> {
  readonly baseline: BacktestSide
  readonly candidate: BacktestSide
}

/** What a backtest says when it is through. */
export interface BacktestResult extends Compared {
  readonly summary: Pick<ScanSummary, 'events' | 'bytes' | 'malformed' | 'byCode' | 'seconds'>
}

/** A backtest that is ready to read. */
export interface BacktestRun {
  /** Bytes of all inputs as stored; undefined where one has no size. */
  readonly size: number | undefined
  read(): Promise<BacktestResult>
}

/**
 * Evaluates two sets of guardrails over the same logs, in one pass, and compares what they find.
 * Everything that can be wrong with the request itself is thrown here.
 *
 * @param inputs files, folders of rotated logs, globs, `-` for standard input
 * @throws ParapetError
 */
export async function backtest(
  inputs: readonly string[],
  options: BacktestOptions,
): Promise<BacktestRun> {
  const cwd = options.cwd ?? process.cwd()
  const filter = compileFilter(filterOptions(options))
  const opened = await openInputs(inputs, { cwd, stdin: options.stdin ?? process.stdin })
  for (const notice of opened.notices) options.onNotice?.(notice)
  const baseline = await loadSide(options.baseline, options.candidate, options, cwd)
  const candidate = await loadSide(options.candidate, options.baseline, options, cwd)
  const evaluators = [...baseline, ...candidate]
  const comparison = new Comparison(options.dedupWindow ?? DEDUP_AUDIT_IDS)
  const sideOf = (evaluator: Evaluator): Side =>
    baseline.includes(evaluator) ? 'baseline' : 'candidate'
  const core = new Scan(
    evaluators,
    {
      filter,
      select: compileSelection(options.only ?? [], options.skip ?? [], evaluators),
      minPriority: options.minPriority,
      // The comparison puts a request's stages together itself, for each side.
      dedupWindow: 0,
      redact: true,
    },
    {
      finding: (finding, evaluator) => comparison.add(sideOf(evaluator), finding),
      incomplete: (diagnostic) => options.onIncomplete?.(diagnostic),
    },
  )
  return {
    size: sizeOf(opened.inputs),
    read: () => readAll(opened.inputs, core, comparison, options),
  }
}

async function readAll(
  inputs: readonly Input[],
  core: Scan,
  comparison: Comparison,
  { signal, onNotice, onProgress }: BacktestOptions,
): Promise<BacktestResult> {
  const started = performance.now()
  let bytes = 0
  for await (const more of readEvents(inputs, core, { signal, onNotice, onProgress })) bytes += more
  const summary = core.summary(bytes, (performance.now() - started) / 1000)
  return { ...comparison.end(), summary }
}

async function loadSide(
  side: BacktestSide,
  other: BacktestSide,
  options: BacktestOptions,
  cwd: string,
): Promise<Evaluator[]> {
  const paths = other.sources.filter((source) => !isGitSource(source) && source !== 'builtin')
  const usual = paths.length === 1 ? paths[0] : undefined
  const checkouts: CheckedOut[] = []
  try {
    const sources: Source[] = []
    for (const source of side.sources) {
      if (!isGitSource(source)) sources.push(source)
      else {
        const checkout = await checkOut(parseGitSource(source, usual), cwd)
        checkouts.push(checkout)
        sources.push(checkout)
      }
    }
    return await load(sources, side, options, cwd)
  } finally {
    for (const checkout of checkouts) await checkout.dispose()
  }
}

async function load(
  sources: readonly Source[],
  side: BacktestSide,
  { data = [], maxMemoryBytes, onNotice }: BacktestOptions,
  cwd: string,
): Promise<Evaluator[]> {
  const falco = sources.filter(isFalco)
  const policies = sources.filter((source) => !isFalco(source))
  const evaluators: Evaluator[] = []
  if (policies.length > 0) {
    const limit = maxMemoryBytes === undefined ? {} : { maxMemoryBytes }
    const all = [...data, ...(side.data ?? [])]
    evaluators.push(...(await loadEvaluators({ policies, data: all, cwd, onNotice, ...limit })))
  }
  if (falco.length > 0) {
    const { loadFalcoRules } = await import('../policy/falco.ts')
    evaluators.push(await loadFalcoRules({ files: falco, cwd, onNotice }))
  }
  return evaluators
}

function isFalco(source: Source): boolean {
  return /\.ya?ml$/.test(typeof source === 'string' ? source : source.path)
}
