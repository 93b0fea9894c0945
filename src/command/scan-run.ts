import { nothingScanned } from '../engine/counts.ts'
import { atLeast } from '../engine/finding.ts'
import type { RuleInfo } from '../engine/rule-info.ts'
import { exit, type ExitCode } from '../exit.ts'
import { openOutput } from '../io/output.ts'
import { scan, type ScanOptions } from '../io/scan.ts'
import { type ReporterOptions, reporters, structuredFormats } from '../report/reporter.ts'
import { numberText } from '../report/words.ts'
import { type LocatedDiagnostic, renderDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { MALFORMED_SHOWN_MAX } from '../text/limits.ts'
import { nearest } from '../text/nearest.ts'
import { parsePriority, priorities, type Priority } from '../text/priority.ts'
import { version } from '../version.ts'
import { asParapetError, reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import { type Progress, startProgress } from './progress.ts'
import type { ScanFlags } from './scan.ts'
import { trustOf } from './trust-options.ts'

/** Carries out `parapet scan`. */
export async function runScan(inputs: string[], flags: ScanFlags, io: Io): Promise<ExitCode> {
  const structured = structuredFormats.includes(flags.format)
  try {
    return await scanAndReport(inputs, flags, io, structured)
  } catch (error) {
    if (io.signal.aborted) return exit.interrupted
    if (!structured) return reportFailure(io, error, false)
    const reporter = reporters[flags.format]!(reporterOptions(flags, io, [], undefined))
    await write(io.stdout, reporter.end(nothingScanned, asParapetError(error)))
    return exit.unanswered
  }
}

function reporterOptions(
  flags: ScanFlags,
  io: Io,
  rules: readonly RuleInfo[],
  failOn: Priority | undefined,
): ReporterOptions {
  const paint = paintFor(io, flags.output === undefined ? io.stdout : {})
  return { paint, summary: flags.summary === true, rules, failOn, version }
}

async function scanAndReport(
  inputs: string[],
  flags: ScanFlags,
  io: Io,
  structured: boolean,
): Promise<ExitCode> {
  const failOn = flags.failOn === 'none' ? undefined : readPriority('--fail-on', flags.failOn)
  checkInputs(inputs, io)
  if (!flags.redact) {
    await write(io.stderr, 'warning: --no-redact: the report may hold secrets of the log\n')
  }
  const complaints = new Complaints(io, structured)
  let progress: Progress | undefined
  const run = await scan(inputs, {
    ...optionsOf(flags),
    trust: await trustOf(flags, io),
    cwd: io.cwd,
    env: io.env,
    stdin: io.stdin,
    signal: io.signal,
    onIncomplete: (diagnostic) => complaints.add(diagnostic),
    onNotice: (text) => void io.stderr.write(`${text}\n`),
    onProgress: (position) => progress?.update(position),
  })
  const output = await openOutput(io, flags.output)
  const reporter = reporters[flags.format]!(reporterOptions(flags, io, run.rules, failOn))
  progress = await startProgress(io, run.size, flags.quiet === true)
  let bad = false
  let failure: ParapetError | undefined
  try {
    for await (const finding of run) {
      bad ||= failOn !== undefined && atLeast(finding.priority, failOn)
      await output.write(reporter.finding(finding))
    }
  } catch (error) {
    if (!(error instanceof ParapetError)) throw error
    failure = error
  } finally {
    progress.stop()
  }
  await complaints.end()
  await output.write(reporter.end(run.summary, failure))
  await output.close()
  if (failure && !structured) await reportFailure(io, failure, false)
  if (io.signal.aborted) return exit.interrupted
  if (failure || run.summary.malformed > 0) return exit.unanswered
  return bad ? exit.bad : exit.ok
}

function optionsOf(flags: ScanFlags): ScanOptions {
  const { minPriority, since, until, dedupWindow, maxMemory } = flags
  return {
    policies: flags.policy,
    data: flags.data,
    decisions: flags.decision,
    falco: flags.falco,
    ruleMatching: flags.ruleMatching,
    only: flags.only,
    skip: flags.skip,
    where: flags.where,
    everyStage: flags.everyStage === true,
    redact: flags.redact,
    ...(minPriority === undefined
      ? {}
      : { minPriority: readPriority('--min-priority', minPriority) }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(dedupWindow === undefined ? {} : { dedupWindow }),
    ...(maxMemory === undefined ? {} : { maxMemoryBytes: maxMemory * 1024 * 1024 }),
  }
}

/** Without inputs a pipe is read; a terminal would only hang. */
function checkInputs(inputs: string[], io: Io): void {
  if (inputs.length > 0 && !(inputs.includes('-') && io.stdin.isTTY)) return
  if (inputs.length === 0 && !io.stdin.isTTY) {
    inputs.push('-')
    return
  }
  throw new ParapetError('USAGE', 'there is no audit log to scan', {
    help: 'name a file or folder, or pipe a log into `parapet scan -`',
  })
}

function readPriority(option: string, text: string): Priority {
  const priority = parsePriority(text)
  if (priority) return priority
  const meant = nearest(text, priorities)
  throw new ParapetError('USAGE', `\`${option} ${text}\` is not a priority`, {
    help: meant ? `did you mean \`${meant}\`?` : `priorities are ${priorities.join(', ')}`,
  })
}

/** Tells of lines and events that could not be judged: the first ones each, then their number. */
class Complaints {
  readonly #io: Io
  readonly #structured: boolean
  #count = 0

  constructor(io: Io, structured: boolean) {
    this.#io = io
    this.#structured = structured
  }

  add(diagnostic: LocatedDiagnostic): void {
    this.#count += 1
    if (this.#count > MALFORMED_SHOWN_MAX) return
    const { code, message, file, line, column, help } = diagnostic
    const text = this.#structured
      ? JSON.stringify({ error: { code, message, file, line, column, help } })
      : renderDiagnostic(diagnostic)
    this.#io.stderr.write(`${text}\n`)
  }

  async end(): Promise<void> {
    const more = this.#count - MALFORMED_SHOWN_MAX
    if (more <= 0) return
    const text = `and ${numberText(more)} more that could not be judged`
    await write(
      this.#io.stderr,
      this.#structured
        ? `${JSON.stringify({ error: { code: 'MORE_INCOMPLETE', message: text } })}\n`
        : `${text}\n`,
    )
  }
}
