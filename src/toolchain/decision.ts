import { isTestModule } from '../rego/metadata.ts'
import { ParapetError } from '../text/error.ts'
import { bundlePath, type PolicySources } from './sources.ts'
import type { BuiltBundle, Toolchain } from './toolchain.ts'

/** Rego that was not written for Parapet, ready to be evaluated. */
export interface CompiledDecision extends BuiltBundle {
  /** The decision's slash path, as asked for. */
  readonly entrypoint: string
  /** The Rego that its sources turned out to be. */
  readonly regoVersion: 0 | 1
}

/**
 * Compiles one decision of Rego that was not written for Parapet: no union, no strict check, and
 * sources that only parse as Rego of before OPA 1.0 are taken as that. Throws a ParapetError.
 * @param decision `main/deny`, `main.deny` or `data.main.deny`
 */
export async function compileDecision(
  toolchain: Toolchain,
  policy: PolicySources,
  decision: string,
): Promise<CompiledDecision> {
  const entrypoint = decisionPath(decision)
  const modules = policy.modules.filter((module) => !isTestModule({ path: bundlePath(module) }))
  const regoVersion = policy.regoVersion ?? (await versionOf(toolchain, { ...policy, modules }))
  const shipped = { ...policy, modules, regoVersion }
  const built = await toolchain.build(shipped, { entrypoints: [entrypoint] })
  return { ...built, entrypoint, regoVersion }
}

/** The slash path of a decision, however it was written. */
export function decisionPath(decision: string): string {
  const path = decision.replace(/^\/?data[./]/, '').replace(/^\//, '')
  return path.includes('/') ? path : path.replaceAll('.', '/')
}

/**
 * Version 0 when that is the only one in which the sources parse. Where they parse in neither, the
 * errors of version 1 are the ones to show.
 */
async function versionOf(toolchain: Toolchain, policy: PolicySources): Promise<0 | 1> {
  if (await parses(toolchain, { ...policy, regoVersion: 1 })) return 1
  return (await parses(toolchain, { ...policy, regoVersion: 0 })) ? 0 : 1
}

async function parses(toolchain: Toolchain, policy: PolicySources): Promise<boolean> {
  try {
    await toolchain.annotations(policy)
    return true
  } catch (error) {
    if (error instanceof ParapetError && error.code === 'REGO_PARSE_ERROR') return false
    throw error
  }
}
