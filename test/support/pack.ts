import path from 'node:path'
import { readPolicyFolder } from '../../src/io/policy/policy-folder.ts'
import { type CompiledGuardrails, compileGuardrails } from '../../src/toolchain/guardrails.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import { root } from './cli.ts'

export interface Pack {
  readonly toolchain: Toolchain
  /** The sources of `rego/`, tests included. */
  readonly sources: Awaited<ReturnType<typeof readPolicyFolder>>['policy']
  readonly compiled: CompiledGuardrails
  readonly data: unknown
}

/** The guardrails of `rego/`, compiled from their sources. The caller closes the toolchain. */
export async function compilePack(): Promise<Pack> {
  const toolchain = Toolchain.open()
  const { policy } = await readPolicyFolder(path.join(root, 'rego'), { shown: 'rego' })
  const compiled = await compileGuardrails(toolchain, policy)
  const data: unknown = JSON.parse(Buffer.from(compiled.data).toString())
  return { toolchain, sources: policy, compiled, data }
}
