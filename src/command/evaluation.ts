import { scan, type ScanOptions, type ScanRun } from '../io/scan/scan.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { parsePriority, priorities, type Priority } from '../text/priority.ts'
import type { Io } from './io.ts'
import { type Reading, startReading } from './reading.ts'
import type { EvaluationFlags, FilterFlags } from './scan-options.ts'
import { trustOf } from './trust-options.ts'

/**
 * Begins to evaluate logs as flags ask for it.
 * @param structured complaints are documents
 * @throws ParapetError for whatever is wrong with the request itself
 */
export async function startEvaluation(
  inputs: string[],
  flags: EvaluationFlags,
  io: Io,
  { structured, more }: { readonly structured: boolean; readonly more?: Partial<ScanOptions> },
): Promise<Reading<ScanRun>> {
  const how = { deed: 'scan', structured, quiet: flags.quiet }
  return startReading(inputs, io, how, async (runIo) =>
    scan(inputs, {
      ...optionsOf(flags),
      ...more,
      trust: await trustOf(flags, io),
      env: io.env,
      ...runIo,
    }),
  )
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

/** @throws ParapetError `USAGE` that names the option and the nearest priority */
export function readPriority(option: string, text: string): Priority {
  const priority = parsePriority(text)
  if (priority) return priority
  const meant = nearest(text, priorities)
  throw new ParapetError('USAGE', `\`${option} ${text}\` is not a priority`, {
    help: meant ? `did you mean \`${meant}\`?` : `priorities are ${priorities.join(', ')}`,
  })
}
