import { decisionPath } from '../rego/decision-path.ts'
import { type DescribedModule, isTestModule } from '../rego/metadata.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { bundlePath, type PolicySources } from './sources.ts'
import type { BuiltBundle, Toolchain } from './toolchain.ts'

/** Decisions that are named where an unknown one was asked for. */
const DECISIONS_SHOWN_MAX = 10

interface Described {
  readonly regoVersion: 0 | 1
  readonly described: readonly DescribedModule[]
}

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
  const { regoVersion, described } = await describe(toolchain, { ...policy, modules })
  const known = decisionsOf(described)
  if (!known.has(entrypoint)) throw unknown(entrypoint, known)
  const shipped = { ...policy, modules, regoVersion }
  const built = await toolchain.build(shipped, { entrypoints: [entrypoint] })
  return { ...built, entrypoint, regoVersion }
}

/**
 * Sources that parse as Rego of before OPA 1.0 and not as today's are taken as that. Where they
 * parse as neither, the errors of today's are the ones to show.
 */
async function describe(toolchain: Toolchain, policy: PolicySources): Promise<Described> {
  const as = async (regoVersion: 0 | 1): Promise<Described> => ({
    regoVersion,
    described: await toolchain.annotations({ ...policy, regoVersion }),
  })
  if (policy.regoVersion !== undefined) return as(policy.regoVersion)
  try {
    return await as(1)
  } catch (error) {
    if (!(error instanceof ParapetError) || error.code !== 'REGO_PARSE_ERROR') throw error
    return as(0).catch(() => {
      throw error
    })
  }
}

/** Slash paths of all packages and their rules. */
function decisionsOf(modules: readonly DescribedModule[]): ReadonlySet<string> {
  return new Set(
    modules.flatMap((module) => {
      const path = module.package.join('/')
      return [path, ...module.rules.map(({ name }) => `${path}/${name.replaceAll('.', '/')}`)]
    }),
  )
}

function unknown(entrypoint: string, known: ReadonlySet<string>): ParapetError {
  const close = nearest(entrypoint, known)
  const some = [...known].slice(0, DECISIONS_SHOWN_MAX).join(', ')
  return new ParapetError('DECISION_MISSING', `the policy has no decision \`${entrypoint}\``, {
    help: close ? `did you mean \`${close}\`?` : `it has ${some}`,
  })
}
