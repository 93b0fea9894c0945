import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { type GuardrailMetadata, isTestModule } from '../rego/metadata.ts'
import type { Saying } from '../residual/message.ts'
import { readMessages } from '../residual/messages.ts'
import { readResiduals, type Residues } from '../residual/read.ts'
import type { GuardrailResidual } from '../residual/residual.ts'
import { PARTIAL_STEPS_MAX } from '../text/limits.ts'
import { bundlePath, type PolicySources, wirePolicy } from './sources.ts'
import type { Toolchain } from './toolchain.ts'

type Asked = Pick<GuardrailMetadata, 'id' | 'entrypoint'>

/**
 * The residual of every guardrail by its id, from OPA's partial evaluation with `input` and all data
 * unknown: the data that the policy comes with is not looked at, and may be replaced. Throws a
 * ParapetError where the policy does not compile.
 */
export async function residualsOf(
  toolchain: Toolchain,
  policy: PolicySources,
  guardrails: readonly Asked[],
): Promise<ReadonlyMap<string, GuardrailResidual>> {
  const residuals = await readEach(toolchain, policy, guardrails, readResiduals)
  return new Map(guardrails.map(({ id }, i) => [id, residuals[i]!]))
}

/** What each guardrail says, in their order, from the same partial evaluation. */
export function messagesOf(
  toolchain: Toolchain,
  policy: PolicySources,
  guardrails: readonly Asked[],
): Promise<readonly (readonly Saying[])[]> {
  return readEach(toolchain, policy, guardrails, readMessages)
}

async function readEach<T>(
  toolchain: Toolchain,
  policy: PolicySources,
  guardrails: readonly Asked[],
  read: (residues: Residues, entrypoints: readonly string[]) => readonly T[],
): Promise<readonly T[]> {
  const modules = policy.modules.filter((module) => !isTestModule({ path: bundlePath(module) }))
  const entrypoints = guardrails.map(({ entrypoint }) => entrypoint)
  const { regoVersion } = policy
  const sources = { modules, ...(regoVersion === undefined ? {} : { regoVersion }) }
  const inputs = [await readerDigest(), read.name, wirePolicy(sources), entrypoints]
  return toolchain.remember(inputs, async () => {
    const rules = entrypoints.map(reference)
    return read(
      await toolchain.residuals(sources, { rules, steps: PARTIAL_STEPS_MAX }),
      entrypoints,
    )
  })
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
