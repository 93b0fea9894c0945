import { type Generated, generateRules } from '../falco/generate/index.ts'
import type { Json } from '../residual/residual.ts'
import { compileGuardrails } from '../toolchain/guardrails.ts'
import { messagesOf } from '../toolchain/residuals.ts'
import { sharedRules } from '../toolchain/shared-rules.ts'
import { standardSchema } from '../toolchain/standard.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { builtinSources } from './installed.ts'
import { policyPlace } from './policy/policies.ts'
import { readPolicyFolder } from './policy/policy-folder.ts'

/**
 * Falco rules for the guardrails of a policy, from its sources.
 *
 * @param source folder, .rego file, or `builtin`
 * @param prefix of the names of macros and lists
 * @throws ParapetError where the policy cannot be read or does not compile
 */
export async function generateFalcoRules(
  source: string,
  cwd: string,
  prefix: string,
): Promise<Generated> {
  const isBuiltin = source === 'builtin'
  const file = isBuiltin ? builtinSources : policyPlace(source, cwd).path
  const { policy } = await readPolicyFolder(file, { shown: isBuiltin ? 'rego' : source })
  const toolchain = Toolchain.open()
  try {
    const compiled = await compileGuardrails(toolchain, policy)
    const data: unknown = JSON.parse(Buffer.from(compiled.data).toString())
    return generateRules({
      guardrails: compiled.guardrails,
      residuals: compiled.residuals,
      messages: await messagesOf(toolchain, compiled.policy, compiled.guardrails),
      shared: await sharedRules(toolchain, compiled.policy),
      data: data as Json,
      schema: (await standardSchema()) as Json,
      prefix,
    })
  } finally {
    await toolchain.close()
  }
}
