import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { BacktestFormat } from '../report/backtest/report.ts'
import type { Io } from './io.ts'
import { addFilterOptions, type FilterFlags, list, wholeNumber } from './scan-options.ts'

const FORMATS: readonly BacktestFormat[] = ['pretty', 'json', 'markdown', 'github']

const EXAMPLES = `Examples:
  parapet backtest --candidate rego --baseline git:main audit/     the folder as it is, and on main
  parapet backtest --candidate new.tar.gz --baseline old.tar.gz audit/
  parapet backtest --candidate builtin --baseline builtin --candidate-data org.yaml audit/
  parapet backtest --candidate rules.yaml --baseline git:HEAD~1 audit/
  parapet backtest --candidate rego --baseline builtin --max-new 50 --max-per-day 5 audit/

Exit codes: 0 compared, and within the budget, 1 more has appeared than the budget allows,
            2 some of the input could not be read or judged, 130 interrupted.
`

/** Options as commander hands them over. */
export interface BacktestFlags extends FilterFlags {
  readonly candidate: string[]
  readonly baseline: string[]
  readonly data: string[]
  readonly candidateData: string[]
  readonly baselineData: string[]
  readonly only: string[]
  readonly skip: string[]
  readonly maxNew?: number
  readonly maxPerDay?: number
  readonly format: BacktestFormat
  readonly output?: string
  readonly quiet?: boolean
  readonly dedupWindow?: number
  readonly maxMemory?: number
}

/** Adds `parapet backtest`. */
export function addBacktest(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('backtest')
    .summary('compare what two versions of guardrails find in archived logs')
    .description(
      'Evaluates two sets of guardrails over the same logs in one pass: which findings appear, vanish or change, by guardrail, actor and namespace.',
    )
    .argument('[inputs...]', 'audit logs: files, folders, globs, or - for standard input', [])
    .optionsGroup('Guardrails:')
    .requiredOption(
      '--candidate <source>',
      'what would be: folder, .rego file, bundle, `builtin`, Falco rules (.yaml), or git:REV:PATH; repeatable',
      list,
    )
    .requiredOption(
      '--baseline <source>',
      'what it is compared with, the same way (guardrails, not a file of `parapet baseline`); repeatable',
      list,
    )
    .option('-d, --data <file>', 'JSON or YAML merged over both sides’ data; repeatable', list, [])
    .option('--candidate-data <file>', 'the same for the candidate alone', list, [])
    .option('--baseline-data <file>', 'the same for the baseline alone', list, [])
    .option('--only <id|tag>', 'use only these guardrails; repeatable', list, [])
    .option('--skip <id|tag>', 'leave these guardrails out; repeatable', list, [])
  addFilterOptions(command)
    .option('--dedup-window <count>', 'requests looked at together', wholeNumber)
    .optionsGroup('Noise budget:')
    .option('--max-new <count>', 'findings that may appear', wholeNumber)
    .option('--max-per-day <count>', 'findings that may appear on one day (UTC)', wholeNumber)
    .optionsGroup('Output:')
    .addOption(
      new Option('-f, --format <format>', 'form of the report').choices(FORMATS).default('pretty'),
    )
    .option('-o, --output <file>', 'write the report to a file, whole or not at all')
    .option('-q, --quiet', 'no progress')
    .optionsGroup('Limits:')
    .option('--max-memory <MiB>', 'memory of one policy, in MiB (512)', wholeNumber)
    .addHelpText('before', EXAMPLES)
    .action(async (inputs: string[], flags: BacktestFlags) => {
      const { runBacktest } = await import('./backtest-run.ts')
      done(await runBacktest(inputs, flags, io))
    })
}
