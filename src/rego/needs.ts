import { AbiInstance } from './abi.ts'
import { loadBuiltins } from './builtins/index.ts'
import { PolicyMemory } from './memory.ts'
import { ParapetError } from '../text/error.ts'
import { POLICY_MEMORY_BYTES_MAX } from '../text/limits.ts'

/** A builtin that a policy calls outside of its own code. */
export interface NeededBuiltin {
  readonly name: string
  /** The stock WASM SDK for JavaScript answers it. */
  readonly inSdk: boolean
  /** Parapet answers it in TypeScript; the rest are answered by the embedded OPA. */
  readonly inParapet: boolean
}

/** What @open-policy-agent/opa-wasm 1.10.0 adds to the builtins inside the module. */
const SDK_BUILTINS: ReadonlySet<string> = new Set(
  'sprintf regex.split json.is_valid yaml.is_valid yaml.marshal yaml.unmarshal'.split(' '),
)

/**
 * The builtins that policy.wasm asks its host for, by name. Nothing is evaluated.
 * @throws ParapetError `POLICY_INVALID`
 */
export async function neededBuiltins(wasm: Uint8Array): Promise<NeededBuiltin[]> {
  try {
    const instance = new AbiInstance(await WebAssembly.compile(wasm), {
      memory: new PolicyMemory(POLICY_MEMORY_BYTES_MAX),
      data: Buffer.from('{}'),
      print: () => {},
    })
    const names = Object.keys(instance.tables.builtins).sort()
    const own = await loadBuiltins(names)
    return names.map((name) => ({
      name,
      inSdk: SDK_BUILTINS.has(name),
      inParapet: own.has(name),
    }))
  } catch (cause) {
    throw new ParapetError('POLICY_INVALID', 'policy.wasm is no policy that OPA compiled', {
      cause,
    })
  }
}
