/** When the rules hold that guardrails of a policy share, beside the guardrails themselves. */
import type { DescribedModule } from '../rego/metadata.ts'
import { isTestModule } from '../rego/metadata.ts'
import type { Residual } from '../residual/residual.ts'
import { residualsOf } from './residuals.ts'
import type { PolicySources } from './sources.ts'
import type { Toolchain } from './toolchain.ts'

export interface SharedRuleResidual {
  /** `is_outsider` */
  readonly name: string
  readonly residual: Residual
}

/** A package of its own asks for them, because residuals are about sets, as guardrails have them. */
const PACKAGE = 'parapet_shared'

/**
 * The residuals of a policy's rules called `is_…` and `in_…`, which say something of an event: those
 * outside of guardrails and tests that take no arguments, each name once.
 *
 * @param policy complete, as it was compiled
 */
export async function sharedRules(
  toolchain: Toolchain,
  policy: PolicySources,
): Promise<readonly SharedRuleResidual[]> {
  const lines = new Map(policy.modules.map(({ file, text }) => [file, text.split('\n')]))
  const rules = new Map<string, string>()
  for (const module of await toolchain.annotations(policy)) {
    if (module.package[0] === 'guardrails' || isTestModule(module)) continue
    for (const { name, line } of module.rules) {
      const written = lines.get(module.file)?.[line - 1] ?? ''
      if (/^(?:is|in)_/.test(name) && !written.startsWith(`${name}(`) && !rules.has(name))
        rules.set(name, reference(module, name))
    }
  }
  if (rules.size === 0) return []
  const file = `${PACKAGE}.rego`
  const bodies = [...rules].map(([name, rule]) => `${name} contains true if ${rule}`)
  const text = `package ${PACKAGE}\n\n${bodies.join('\n\n')}\n`
  const residuals = await residualsOf(
    toolchain,
    { ...policy, modules: [...policy.modules, { file, path: file, text }] },
    [...rules.keys()].map((name) => ({ id: name, entrypoint: `${PACKAGE}/${name}` })),
  )
  return [...residuals].map(([name, { residual }]) => ({ name, residual }))
}

function reference(module: DescribedModule, name: string): string {
  return `data${[...module.package, name].map((part) => `[${JSON.stringify(part)}]`).join('')}`
}
