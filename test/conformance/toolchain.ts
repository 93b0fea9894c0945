/** The embedded toolchain in this thread, which compiles the suite's queries. */
import { readFileSync } from 'node:fs'
import { builtWasm } from '../../src/toolchain/location.ts'
import { Instance } from '../../toolchain/host.mjs'
import type { Case } from './suite.ts'

/** The function that OPA's own tests add to the builtins, to see time stand still meanwhile. */
const SLEEP = {
  name: 'test.sleep',
  decl: { type: 'function', args: [{ type: 'string' }], result: { type: 'null' } },
}

const decoder = new TextDecoder()
let instance: Instance | undefined

/** The case's query and modules as policy.wasm with the entrypoint `eval`. */
export function compile({ query, modules }: Case): Uint8Array {
  instance ??= new Instance(new WebAssembly.Module(readFileSync(builtWasm)))
  const policy = { modules: modules.map((text, index) => ({ path: `module-${index}.rego`, text })) }
  const params = { policy, query, builtins: [SLEEP] }
  const [head, wasm] = instance.call({ verb: 'query', params })
  const { failure } = JSON.parse(decoder.decode(head)) as { failure?: { message: string } }
  if (failure) throw new Error(failure.message)
  return wasm!
}
