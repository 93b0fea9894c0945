import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet test                             the Rego tests below this folder
  parapet test ./guardrails --run pod_exec
  parapet test ./guardrails --coverage --format junit > report.xml

Exit codes: 0 all passed, 1 tests failed, 2 the policy could not be read or compiled.
`

/** Options as commander hands them over. */
export interface TestFlags extends TrustFlags {
  readonly run?: string
  readonly coverage?: boolean
  readonly format: string
}

/** Adds `parapet test`. */
export function addTest(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('test')
    .summary('run the Rego tests of guardrails')
    .description(
      'Runs every rule `test_…` of a policy with OPA’s own test runner. Of a bundle, the tests that its sources carry.',
    )
    .argument('[policy]', 'a folder, .rego file or bundle', '.')
    .option('--run <regexp>', 'only tests whose name matches (RE2)')
    .option('--coverage', 'say how much of each file the tests reach')
    .addOption(
      new Option('-f, --format <format>', 'form of the answer')
        .choices(['pretty', 'json', 'junit', 'github'])
        .default('pretty'),
    )
  addTrustOptions(command)
    .addHelpText('before', EXAMPLES)
    .action(async (policy: string, flags: TestFlags) => {
      const { runTest } = await import('./test-run.ts')
      done(await runTest(policy, flags, io))
    })
}
