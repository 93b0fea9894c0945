import { scan, type ScanOptions, type ScanRun } from '../io/scan.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { parsePriority, priorities, type Priority } from '../text/priority.ts'
import { Complaints } from './complaints.ts'
import type { Io } from './io.ts'
import { type Progress, startProgress } from './progress.ts'
import type { EvaluationFlags, FilterFlags } from './scan-options.ts'
import { trustOf } from './trust-options.ts'

/** An evaluation under way, with its progress and complaints on stderr. */
export interface Evaluation {
  readonly run: ScanRun
  /** Takes the progress line away and says how many complaints were not shown. */
  end(): Promise<void>
}

/**
 * Begins to evaluate logs as flags ask for it.
 * @param structured complaints are documents
 * @throws ParapetError for whatever is wrong with the request itself
 */
export async function startEvaluation(
  inputs: string[],
  flags: EvaluationFlags,
  io: Io,
  how: { readonly structured: boolean; readonly more?: Partial<ScanOptions> },
): Promise<Evaluation> {
  checkInputs(inputs, io)
  const complaints = new Complaints(io, how.structured)
  let progress: Progress | undefined
  const run = await scan(inputs, {
    ...optionsOf(flags),
    ...how.more,
    trust: await trustOf(flags, io),
    cwd: io.cwd,
    env: io.env,
    stdin: io.stdin,
    signal: io.signal,
    onIncomplete: (diagnostic) => complaints.add(diagnostic),
    onNotice: (text) => void io.stderr.write(`${text}\n`),
    onProgress: (position) => progress?.update(position),
  })
  progress = await startProgress(io, run.size, flags.quiet === true)
  return {
    run,
    async end() {
      progress?.stop()
      await complaints.end()
    },
  }
}

function optionsOf(flags: EvaluationFlags): ScanOptions {
  return {
    policies: flags.policy,
    data: flags.data,
    decisions: flags.decision,
    falco: flags.falco,
    ruleMatching: flags.ruleMatching,
    only: flags.only,
    skip: flags.skip,
    ...filterOptions(flags),
    everyStage: flags.everyStage === true,
    ...(flags.dedupWindow === undefined ? {} : { dedupWindow: flags.dedupWindow }),
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
    ...memoryOption(flags),
  }
}

/** @throws ParapetError `USAGE` */
export function filterOptions({
  minPriority,
  since,
  until,
  where,
}: FilterFlags): Pick<ScanOptions, 'minPriority' | 'since' | 'until' | 'where'> {
  return {
    where,
    ...(minPriority === undefined
      ? {}
      : { minPriority: readPriority('--min-priority', minPriority) }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
}

export function memoryOption({
  maxMemory,
}: Pick<EvaluationFlags, 'maxMemory'>): Pick<ScanOptions, 'maxMemoryBytes'> {
  return maxMemory === undefined ? {} : { maxMemoryBytes: maxMemory * 1024 * 1024 }
}

/** Without inputs a pipe is read; a terminal would only hang. */
export function checkInputs(inputs: string[], io: Io): void {
  if (inputs.length > 0 && !(inputs.includes('-') && io.stdin.isTTY)) return
  if (inputs.length === 0 && !io.stdin.isTTY) {
    inputs.push('-')
    return
  }
  throw new ParapetError('USAGE', 'there is no audit log to scan', {
    help: 'name a file or folder, or pipe a log into `parapet scan -`',
  })
}

/** @throws ParapetError `USAGE` that names the option and the nearest priority */
export function readPriority(option: string, text: string): Priority {
  const priority = parsePriority(text)
  if (priority) return priority
  const meant = nearest(text, priorities)
  throw new ParapetError('USAGE', `\`${option} ${text}\` is not a priority`, {
    help: meant ? `did you mean \`${meant}\`?` : `priorities are ${priorities.join(', ')}`,
  })
}
