import { exit, type ExitCode } from '../exit.ts'
import { readPolicySources } from '../io/policy-sources.ts'
import { testReportText } from '../report/tests.ts'
import { ParapetError } from '../text/error.ts'
import { checkGuardrails } from '../toolchain/guardrails.ts'
import { withStandardLibrary } from '../toolchain/standard.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import type { TestFlags } from './test.ts'
import { trustOf } from './trust-options.ts'

/** Carries out `parapet test`. */
export async function runTest(policy: string, flags: TestFlags, io: Io): Promise<ExitCode> {
  const toolchain = Toolchain.open()
  try {
    const trust = await trustOf(flags, io)
    const sources = await readPolicySources(policy, io.cwd, trust)
    // The generated union belongs to guardrails; other Rego is tested as it stands.
    const checked = await checkGuardrails(toolchain, sources)
    const tested =
      checked.guardrails.length > 0 ? checked.policy : await withStandardLibrary(sources)
    const report = await toolchain.test(tested, {
      ...(flags.run === undefined ? {} : { run: flags.run }),
      coverage: flags.coverage === true,
    })
    if (report.tests.length === 0) throw noTests(policy, flags.run)
    await write(io.stdout, testReportText(report, flags.format, paintFor(io, io.stdout)))
    return report.tests.every(({ status }) => status === 'pass') ? exit.ok : exit.bad
  } catch (error) {
    return reportFailure(io, error, flags.format !== 'pretty' && flags.format !== 'github')
  } finally {
    await toolchain.close()
  }
}

function noTests(policy: string, run: string | undefined): ParapetError {
  const what = run === undefined ? 'no test' : `no test that matches \`${run}\``
  return new ParapetError('TESTS_NONE', `\`${policy}\` has ${what}`, {
    file: policy,
    help: 'a test is a rule whose name begins with `test_`, in a file NAME_test.rego',
  })
}
