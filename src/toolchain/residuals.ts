import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { type GuardrailMetadata, isTestModule } from '../rego/metadata.ts'
import { readResiduals } from '../residual/read.ts'
import type { GuardrailResidual } from '../residual/residual.ts'
import { PARTIAL_STEPS_MAX } from '../text/limits.ts'
import { bundlePath, type PolicySources, wirePolicy } from './sources.ts'
import type { Toolchain } from './toolchain.ts'

/**
 * The residual of every guardrail by its id, from OPA's partial evaluation with `input` and all data
 * unknown: the data that the policy comes with is not looked at, and may be replaced. Throws a
 * ParapetError where the policy does not compile.
 */
export async function residualsOf(
  toolchain: Toolchain,
  policy: PolicySources,
  guardrails: readonly Pick<GuardrailMetadata, 'id' | 'entrypoint'>[],
): Promise<ReadonlyMap<string, GuardrailResidual>> {
  const modules = policy.modules.filter((module) => !isTestModule({ path: bundlePath(module) }))
  const entrypoints = guardrails.map(({ entrypoint }) => entrypoint)
  const { regoVersion } = policy
  const sources = { modules, ...(regoVersion === undefined ? {} : { regoVersion }) }
  const inputs = [await readerDigest(), wirePolicy(sources), entrypoints]
  const residuals = await toolchain.remember(inputs, async () => {
    const rules = entrypoints.map(reference)
    return readResiduals(
      await toolchain.residuals(sources, { rules, steps: PARTIAL_STEPS_MAX }),
      entrypoints,
    )
  })
  return new Map(guardrails.map(({ id }, i) => [id, residuals[i]!]))
}

/** `data["guardrails"]["workloads"]["pod-exec"]["violation"]`: not every name can be written plainly. */
function reference(entrypoint: string): string {
  return `data${entrypoint
    .split('/')
    .map((name) => `[${JSON.stringify(name)}]`)
    .join('')}`
}

let digest: Promise<string> | undefined

/** The hash of the code that reads residuals, so that a change of it makes them anew. */
function readerDigest(): Promise<string> {
  digest ??= hashReader()
  return digest
}

async function hashReader(): Promise<string> {
  const folder = new URL('../residual/', import.meta.url)
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.[jt]s$/.test(name))
  const hash = createHash('sha256')
  for (const name of names.sort()) {
    hash.update(`${name}\0`).update(await readFile(new URL(name.replaceAll('\\', '/'), folder)))
  }
  return hash.digest('hex')
}
