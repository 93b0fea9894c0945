import { existsSync, readFileSync } from 'node:fs'
import { Instance } from '../../toolchain/host.mjs'
import { PLAIN, prove, provedEvent } from '../../src/audit/prove.ts'
import type { ProvedEvent } from '../../src/audit/proved.ts'
import { Policy } from '../../src/rego/policy.ts'
import type { PolicyOptions } from '../../src/rego/policy.ts'
import { builtWasm } from '../../src/toolchain/location.ts'

export const hasToolchain: boolean = existsSync(builtWasm)
if (!hasToolchain) {
  process.stderr.write('skipped: the embedded OPA compiler is not built (npm run prepare)\n')
}

let instance: Instance | undefined

/** Compiles one module with the embedded toolchain; its package is `t`. */
export function compile(rules: string, entrypoints: readonly string[] = ['t/p']): Uint8Array {
  instance ??= new Instance(new WebAssembly.Module(readFileSync(builtWasm)))
  const modules = [{ path: 't.rego', text: `package t\n${rules}\n` }]
  const params = { policy: { modules }, entrypoints }
  const [head, , wasm] = instance.call({ verb: 'build', params })
  const { failure } = JSON.parse(new TextDecoder().decode(head)) as {
    failure?: { message: string }
  }
  if (failure) throw new Error(failure.message)
  return wasm!
}

/** A policy of one module and the entrypoint `t/p`. */
export async function load(rules: string, options: PolicyOptions = {}): Promise<Policy> {
  return Policy.load(compile(rules), options)
}

/** The decision `t/p` of one module on one input, as JSON text. */
export async function decide(
  rules: string,
  input?: string,
  options: PolicyOptions = {},
): Promise<string | undefined> {
  const policy = await load(rules, options)
  return policy.decideValue(policy.entrypoint('t/p'), input)
}

/** The bytes of an event that is known to be sound. */
export function event(value: unknown): ProvedEvent {
  const bytes = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  if (prove(bytes, 0, bytes.length) !== PLAIN) throw new Error('the event of a test must be sound')
  return provedEvent(bytes, 0, bytes.length)
}
