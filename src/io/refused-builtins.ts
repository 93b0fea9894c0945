import { IMPURE } from '../rego/host.ts'
import { Policy } from '../rego/policy.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { impureCalls, mayCallImpure } from '../toolchain/impure-calls.ts'
import type { PolicySources } from '../toolchain/sources.ts'
import type { Toolchain } from '../toolchain/toolchain.ts'
import { environment } from './policy/environment.ts'

/**
 * The calls of builtins for which a compiled policy is refused; none where it can be loaded: what no
 * decision calls is not compiled.
 */
export async function refusedCalls(
  toolchain: Toolchain,
  policy: PolicySources,
  wasm: Uint8Array,
): Promise<LocatedDiagnostic[]> {
  const modules = mayCallImpure(policy)
  if (modules.length === 0) return []
  const module = await Policy.compile(wasm)
  const names = new Set<string>()
  for (const name of IMPURE) if (await isRefusedFor(name, module)) names.add(name)
  return names.size === 0 ? [] : impureCalls(toolchain, modules, names)
}

/** Whether a policy could not be loaded even if all the other builtins of the kind were allowed. */
async function isRefusedFor(name: string, module: WebAssembly.Module): Promise<boolean> {
  const allow = [...IMPURE].filter((other) => other !== name)
  const error = await Policy.load(module, { ...environment, allow }).then(
    () => undefined,
    (failure: unknown) => failure,
  )
  return error instanceof ParapetError && error.code === 'BUILTIN_REFUSED'
}
