import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { list } from './scan-options.ts'
import { addTestNew } from './test-new.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet test                             everything below this folder
  parapet test ./guardrails --run pod-exec
  parapet test ./guardrails --coverage --format junit > report.xml
  parapet test ./guardrails --mutation-score 90
  parapet test --watch

Exit codes: 0 all passed, 1 some did not, 2 a policy, case file or recording could not be read,
compiled or compared, 130 interrupted.
`

const BASES_EXAMPLES = `Examples:
  parapet test bases                       their names and what happens in them
  parapet test bases pod-exec              one of them as JSON

Exit codes: 0 printed, 2 there is no such base.
`

/** Options as commander hands them over. */
export interface TestFlags extends TrustFlags {
  readonly run?: string
  readonly coverage?: boolean
  readonly failOnSkipped?: boolean
  readonly failOnMissing?: boolean
  readonly update?: boolean
  readonly falco?: string[]
  readonly data?: string[]
  readonly mutate?: boolean
  readonly mutationScore?: number
  readonly recordings: string[]
  readonly watch?: boolean
  readonly format: string
}

/** Adds `parapet test` and the verbs below it. */
export function addTest(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('test')
    .summary('test guardrails and Falco rules')
    .description(
      'Runs the rules `test_…` of policies with OPA’s own test runner, and the cases in NAME.cases.yaml beside guardrails and Falco rules. Of a bundle, the tests that its sources carry.',
    )
    .argument('[policies...]', 'folders, .rego files or bundles; this folder where none is given')
    .option('--run <regexp>', 'only tests and cases whose name matches (RE2)')
    .option(
      '--coverage',
      'say which lines of Rego the tests reach, and which conditions no case decides',
    )
    .option(
      '--falco <file>',
      'Falco rules to compare with, in place of the folder falco-rules beside the policy; repeatable',
      list,
    )
    .option(
      '--data <file>',
      'data whose exceptions must not have ended, besides the policy’s own; repeatable',
      list,
    )
    .option('--mutate', 'change one condition at a time, and say which changes no case notices')
    .option(
      '--mutation-score <percent>',
      'exit with 1 where cases notice less of the changes; implies --mutate',
      parsePercent,
    )
    .option(
      '--recordings <log>',
      'audit logs (file, folder or glob): all engines are asked about every event of them; repeatable',
      list,
      [],
    )
    .option('--update', 'write what was found into the cases that fail')
    .addOption(
      new Option(
        '--watch',
        'test again what a change of a file can decide about, until interrupted',
      ).conflicts('update'),
    )
    .option('--fail-on-skipped', 'exit with 1 where tests were skipped')
    .option(
      '--fail-on-missing',
      'exit with 1 where a guardrail lacks cases or parts of its METADATA',
    )
    .addOption(
      new Option('-f, --format <format>', 'form of the answer')
        .choices(['pretty', 'json', 'junit', 'tap', 'github', 'sarif'])
        .default('pretty'),
    )
  addTrustOptions(command)
    .addHelpText('before', EXAMPLES)
    .action(async (policies: string[], flags: TestFlags) => {
      const { runTest } = await import('./test-run.ts')
      done(await runTest(policies, flags, io))
    })
  addBases(command, io, done)
  addTestNew(command, io, done)
}

function parsePercent(text: string): number {
  const percent = Number(text)
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return percent
  throw new InvalidArgumentError(`\`${text}\` is not a number from 0 to 100`)
}

function addBases(group: Command, io: Io, done: (code: ExitCode) => void): void {
  group
    .command('bases')
    .summary('show the events that cases can begin from')
    .description(
      'Lists the events that cases can begin from (`base: NAME`), or prints one of them.',
    )
    .argument('[name]', 'one of them')
    .addHelpText('before', BASES_EXAMPLES)
    .action(async (name: string | undefined) => {
      const { runTestBases } = await import('./test-bases-run.ts')
      done(await runTestBases(name, io))
    })
}
