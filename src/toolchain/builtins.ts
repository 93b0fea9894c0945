import { readFileSync } from 'node:fs'
import { Crash, Instance } from '../../toolchain/host.mjs'
import { BuiltinError } from '../rego/builtins/builtin.ts'
import type { BuiltinProvider, RemoteBuiltin } from '../rego/host.ts'
import { ParapetError } from '../text/error.ts'
import { type Failure, Places } from './issues.ts'
import { builtWasm, requireWasm } from './location.ts'

/**
 * OPA's own builtins, for the rare ones that a policy needs and that Parapet does not have itself.
 * WASM calls its builtins synchronously, so these answer in the thread that evaluates. A whole
 * compiler is loaded (0.3 s, some 100 MB) when the first name is asked for, and not before. They
 * have no network, no files, no environment and nowhere to print to.
 * @param wasm the module; default: the one that `npm run prepare` builds
 */
export function opaBuiltins(wasm: string = builtWasm): BuiltinProvider {
  const host = new Host(wasm)
  return (name) => (host.has(name) ? host.builtin(name) : undefined)
}

interface BuiltinResult {
  readonly exists: boolean
  /** What the builtin complains of, in OPA's words: undefined in Rego, as opposed to a crash. */
  readonly error?: string
}

class Host {
  readonly #wasm: string
  #module: WebAssembly.Module | undefined
  #instance: Instance | undefined

  constructor(wasm: string) {
    this.#wasm = wasm
  }

  has(name: string): boolean {
    return this.#call({ name, only: 'exists' }, []).result.exists
  }

  /** Builtin errors are thrown in OPA's words; everything else stops the evaluation. */
  builtin(name: string): RemoteBuiltin {
    return (operands, context) => {
      const now = String(context.now())
      const parts = operands.map((operand) => Buffer.from(operand))
      const { result, value } = this.#call({ name, now }, parts)
      if (result.error !== undefined) throw new BuiltinError(result.error)
      return value && Buffer.from(value).toString()
    }
  }

  #call(
    params: object,
    parts: readonly Uint8Array[],
  ): { result: BuiltinResult; value: Uint8Array | undefined } {
    const [head, value] = this.#send({ verb: 'builtin', params }, parts)
    const { result, failure } = JSON.parse(Buffer.from(head!).toString()) as {
      result: BuiltinResult
      failure?: Failure
    }
    if (failure) throw new Places([]).error(failure)
    return { result, value }
  }

  #send(header: unknown, parts: readonly Uint8Array[]): Uint8Array[] {
    try {
      this.#module ??= new WebAssembly.Module(readFileSync(requireWasm(this.#wasm)))
      this.#instance ??= new Instance(this.#module)
      return this.#instance.call(header, parts)
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      this.#instance = undefined
      const message = `the embedded OPA crashed in a builtin: ${error.message}`
      throw new ParapetError('TOOLCHAIN_CRASHED', message, { cause: error })
    }
  }
}
