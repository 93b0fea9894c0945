import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { readPolicyFolder } from '../io/policy/policy-folder.ts'
import { refusedCalls } from '../io/refused-builtins.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { countText } from '../report/words.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import {
  type CheckedGuardrails,
  checkGuardrails,
  compileGuardrails,
} from '../toolchain/guardrails.ts'
import { mayCallImpure } from '../toolchain/impure-calls.ts'
import type { PolicySources } from '../toolchain/sources.ts'
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
    const refused = await refusedIn(toolchain, folder.policy, checked)
    const diagnostics = [...folder.diagnostics, ...checked.diagnostics, ...refused]
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

/** Calls for which the guardrails could not be loaded, though they compile. */
async function refusedIn(
  toolchain: Toolchain,
  policy: PolicySources,
  { guardrails, diagnostics }: CheckedGuardrails,
): Promise<LocatedDiagnostic[]> {
  const isSound = diagnostics.every(({ severity }) => severity !== 'error')
  if (!isSound || guardrails.length === 0 || mayCallImpure(policy).length === 0) return []
  const { wasm } = await compileGuardrails(toolchain, policy)
  return refusedCalls(toolchain, policy, wasm)
}
