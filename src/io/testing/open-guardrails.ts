import { withoutExceptions } from '../../engine/exceptions.ts'
import { Policy } from '../../rego/policy.ts'
import { Conditions } from '../../testing/conditions.ts'
import { WasmEngine } from '../../testing/wasm-engine.ts'
import { type CompiledGuardrails, compileGuardrails } from '../../toolchain/guardrails.ts'
import { ParapetError } from '../../text/error.ts'
import { bundlePath, type PolicySources } from '../../toolchain/sources.ts'
import type { Toolchain } from '../../toolchain/toolchain.ts'
import { environment } from '../policy/environment.ts'
import { refusedCalls } from '../refused-builtins.ts'

/** Guardrails with Parapet's own runtime, which cases are held against. */
export interface OpenGuardrails {
  readonly compiled: CompiledGuardrails
  /** Without exceptions: they hide what a guardrail finds from those who look, not from its cases. */
  readonly data: unknown
  readonly conditions: Conditions
  readonly wasm: WasmEngine
}

/** @throws ParapetError where the guardrails do not compile */
export async function openGuardrails(
  toolchain: Toolchain,
  sources: PolicySources,
): Promise<OpenGuardrails> {
  const compiled = await compileGuardrails(toolchain, sources)
  const { wasm, guardrails, residuals } = compiled
  const data = withoutExceptions(JSON.parse(Buffer.from(compiled.data).toString()))
  ParapetError.throwFirst(await refusedCalls(toolchain, compiled.policy, wasm))
  const policy = await Policy.load(wasm, { ...environment, data })
  const files = new Map(compiled.policy.modules.map((one) => [bundlePath(one), one.file]))
  return {
    compiled,
    data,
    conditions: new Conditions(residuals, data, (path) => files.get(path) ?? path),
    wasm: new WasmEngine({ policy, guardrails, residuals, data }),
  }
}
