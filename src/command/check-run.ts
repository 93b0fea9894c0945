import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { readPolicyFolder } from '../io/policy-folder.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { countText } from '../report/words.ts'
import { checkGuardrails } from '../toolchain/guardrails.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import type { CheckFlags } from './check.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet check`. */
export async function runCheck(policy: string, flags: CheckFlags, io: Io): Promise<ExitCode> {
  const toolchain = Toolchain.open()
  try {
    const folder = await readPolicyFolder(path.resolve(io.cwd, policy), { shown: policy })
    const checked = await checkGuardrails(toolchain, folder.policy)
    const diagnostics = [...folder.diagnostics, ...checked.diagnostics]
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length
    const ids = checked.guardrails.map((guardrail) => guardrail.id)
    await write(io.stdout, diagnosticsText(diagnostics, flags.format, { guardrails: ids }))
    if (flags.format === 'pretty') {
      const found = errors === 0 ? 'no errors' : countText(errors, 'error')
      await write(io.stdout, `${countText(ids.length, 'guardrail')}, ${found}\n`)
    }
    return errors === 0 ? exit.ok : exit.bad
  } catch (error) {
    return reportFailure(io, error, flags.format === 'json')
  } finally {
    await toolchain.close()
  }
}
