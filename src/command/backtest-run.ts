import { overruns } from '../engine/noise-budget.ts'
import { exit, type ExitCode } from '../exit.ts'
import { backtest, type BacktestResult } from '../io/scan/backtest.ts'
import { openOutput } from '../io/output.ts'
import { backtestFormats } from '../report/backtest/report.ts'
import type { BacktestFlags } from './backtest.ts'
import { filterOptions, memoryOption } from './evaluation.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor } from './io.ts'
import { startReading } from './reading.ts'

/** Carries out `parapet backtest`. */
export async function runBacktest(
  inputs: string[],
  flags: BacktestFlags,
  io: Io,
): Promise<ExitCode> {
  const structured = flags.format === 'json'
  try {
    const result = await compare(inputs, flags, io, structured)
    if (io.signal.aborted) return exit.interrupted
    const over = overruns(result, flags)
    const output = await openOutput(io, flags.output)
    const report = {
      baseline: flags.baseline.join(', '),
      candidate: flags.candidate.join(', '),
      compared: result,
      summary: result.summary,
      overruns: over,
    }
    const paint = paintFor(io, flags.output === undefined ? io.stdout : {})
    await output.write(backtestFormats[flags.format](report, paint))
    await output.close()
    if (result.summary.malformed > 0) return exit.unanswered
    return over.length > 0 ? exit.bad : exit.ok
  } catch (error) {
    return reportFailure(io, error, structured)
  }
}

async function compare(
  inputs: string[],
  flags: BacktestFlags,
  io: Io,
  structured: boolean,
): Promise<BacktestResult> {
  const how = { deed: 'compare findings in', structured, quiet: flags.quiet }
  const { run, end } = await startReading(inputs, io, how, (runIo) =>
    backtest(inputs, {
      ...filterOptions(flags),
      ...memoryOption(flags),
      ...(flags.dedupWindow === undefined ? {} : { dedupWindow: flags.dedupWindow }),
      baseline: { sources: flags.baseline, data: flags.baselineData },
      candidate: { sources: flags.candidate, data: flags.candidateData },
      data: flags.data,
      only: flags.only,
      skip: flags.skip,
      ...runIo,
    }),
  )
  try {
    return await run.read()
  } finally {
    await end()
  }
}
