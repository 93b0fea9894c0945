import type { Command } from 'commander'
import { nothingScanned } from '../engine/counts.ts'
import { atLeast } from '../engine/finding.ts'
import type { RuleInfo } from '../engine/rule-info.ts'
import { exit, type ExitCode } from '../exit.ts'
import { openOutput } from '../io/output.ts'
import type { ScanResult } from '../io/scan/scan-run.ts'
import {
  type Reporter,
  type ReporterOptions,
  reporters,
  structuredFormats,
} from '../report/reporter.ts'
import { ParapetError } from '../text/error.ts'
import type { Priority } from '../text/priority.ts'
import { version } from '../version.ts'
import { readPriority, startEvaluation } from './evaluation.ts'
import { asParapetError, reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import type { ScanFlags } from './scan.ts'
import { withSettings } from './settings.ts'

/** Carries out `parapet scan`. */
export async function runScan(
  inputs: string[],
  given: ScanFlags,
  verb: Command,
  io: Io,
): Promise<ExitCode> {
  let flags = given
  try {
    flags = await withSettings(given, verb, io)
    return await scanAndReport(inputs, flags, io)
  } catch (error) {
    if (io.signal.aborted) return exit.interrupted
    if (!structuredFormats.includes(flags.format)) return reportFailure(io, error, false)
    const makeReporter = await reporters[flags.format]!()
    const reporter = makeReporter(reporterOptions(flags, io, [], undefined))
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

function isNew({ exception, known }: ScanResult): boolean {
  return !exception && !known
}

function render(reporter: Reporter, result: ScanResult): string {
  const { exception, known } = result
  if (exception) return reporter.excepted?.(result.finding, exception) ?? ''
  if (known) return reporter.known?.(result.finding, known) ?? ''
  const json = reporter.json && result.json
  return json === undefined ? reporter.finding(result.finding) : reporter.json!(json)
}

async function scanAndReport(inputs: string[], flags: ScanFlags, io: Io): Promise<ExitCode> {
  const structured = structuredFormats.includes(flags.format)
  const failOn = flags.failOn === 'none' ? undefined : readPriority('--fail-on', flags.failOn)
  if (!flags.redact) {
    await write(io.stderr, 'warning: --no-redact: the report may hold secrets of the log\n')
  }
  const { redact, baseline } = flags
  const more = { redact, ...(baseline ? { baseline } : {}) }
  const { run, end } = await startEvaluation(inputs, flags, io, { structured, more })
  const output = await openOutput(io, flags.output)
  const makeReporter = await reporters[flags.format]!()
  const reporter = makeReporter(reporterOptions(flags, io, run.rules, failOn))
  let bad = false
  let failure: ParapetError | undefined
  try {
    for await (const results of run.batches()) {
      let text = ''
      for (const result of results) {
        bad ||= isNew(result) && failOn !== undefined && atLeast(result.priority, failOn)
        text += render(reporter, result)
      }
      if (text) await output.write(text)
    }
  } catch (error) {
    if (!(error instanceof ParapetError)) {
      await output.discard()
      throw error
    }
    failure = error
  } finally {
    await end()
  }
  await output.write(reporter.end(run.summary, failure))
  // A file that was asked for whole does not appear with a part of it.
  await (io.signal.aborted && flags.output !== undefined ? output.discard() : output.close())
  if (failure && !structured) await reportFailure(io, failure, false)
  if (io.signal.aborted) return exit.interrupted
  if (failure || run.summary.malformed > 0) return exit.unanswered
  return bad ? exit.bad : exit.ok
}
