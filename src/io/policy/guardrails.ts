import type { TrustPolicy } from '../../bundle/trust.ts'
import type { GuardrailMetadata } from '../../rego/metadata.ts'
import { ParapetError } from '../../text/error.ts'
import { policyPlace, readCompiled } from './policies.ts'
import { readPolicyFolder } from './policy-folder.ts'

/**
 * METADATA of a policy's guardrails: from a bundle as it was built in, else read by the compiler.
 * @param source folder, .rego file, bundle or `builtin`
 * @param trust whose bundles are accepted; nothing but a bundle that they signed will then do
 * @throws ParapetError where the policy cannot be read, or its METADATA has errors
 */
export async function readGuardrailMetadata(
  source: string,
  cwd: string,
  trust?: TrustPolicy,
): Promise<readonly GuardrailMetadata[]> {
  const { path: file } = policyPlace(source, cwd)
  const ready = await readCompiled(file, source, source === 'builtin' ? undefined : trust)
  if (ready) return ready.guardrails
  const { policy } = await readPolicyFolder(file, { shown: source })
  const { Toolchain } = await import('../../toolchain/toolchain.ts')
  const { checkGuardrails } = await import('../../toolchain/guardrails.ts')
  const toolchain = Toolchain.open()
  try {
    const { guardrails, diagnostics } = await checkGuardrails(toolchain, policy)
    ParapetError.throwFirst(diagnostics)
    return guardrails
  } finally {
    await toolchain.close()
  }
}
