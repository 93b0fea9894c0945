import { ParapetError } from '../text/error.ts'
import { INSTANCE_MEMORY_BYTES_MAX, POLICY_MEMORY_BYTES_MAX } from '../text/limits.ts'
import { AbiInstance, type HostBuiltin } from './abi.ts'
import { hostBuiltins } from './builtins.ts'
import type { ProvedEvent } from '../audit/proved.ts'

/** Oldest minor version of OPA's WASM ABI with `opa_eval`, the one-call evaluation. */
const ABI_MINOR_MIN = 2

/** Answers a builtin of OPA by name with JSON texts; undefined where it does not know the name. */
export type BuiltinProvider = (name: string) => HostBuiltin | undefined

export interface PolicyOptions {
  /** The `data` document, any JSON value. */
  readonly data?: unknown
  /** Asked for every builtin that neither the module nor Parapet has, before the policy loads. */
  readonly builtins?: BuiltinProvider
  /** Cap of the policy's memory, in bytes; an event that does not fit is an error, never an empty answer. */
  readonly memoryBytesMax?: number
  /** Receives `print` statements of a policy that was built with them. Dropped by default. */
  readonly print?: (text: string) => void
}

/** What went wrong with one event; the event counts as incomplete, never as clean. */
export class EvaluationError extends Error {
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EvaluationError'
    this.code = code
  }
}

/**
 * A compiled Rego policy, loaded once and evaluated many times. Evaluation takes proved bytes only,
 * so that none of what `opa_eval` answers to broken input ("nothing found") can be mistaken for an
 * answer. A policy whose instance trapped gets a fresh one; so does one whose memory, which cannot
 * shrink, has grown past what is worth keeping.
 */
export class Policy {
  /** Entrypoint names as slash paths, `guardrails/violations`. */
  readonly entrypoints: readonly string[]
  readonly #module: WebAssembly.Module
  readonly #options: Required<PolicyOptions>
  #instance: AbiInstance
  #dataText: Uint8Array

  private constructor(module: WebAssembly.Module, options: Required<PolicyOptions>) {
    this.#module = module
    this.#options = options
    this.#dataText = encodeData(options.data)
    this.#instance = this.#instantiate()
    this.entrypoints = Object.keys(this.#instance.tables.entrypoints)
  }

  /**
   * Loads policy.wasm.
   *
   * @throws ParapetError `POLICY_INVALID` where the bytes are no Rego policy of a known ABI,
   *   `BUILTIN_MISSING` where it needs builtins that nobody provides (all of them named).
   */
  static async load(wasm: Uint8Array, options: PolicyOptions = {}): Promise<Policy> {
    let module: WebAssembly.Module
    try {
      module = await WebAssembly.compile(wasm)
    } catch (cause) {
      throw new ParapetError('POLICY_INVALID', 'the policy is not a WebAssembly module', { cause })
    }
    if (!WebAssembly.Module.exports(module).some((item) => item.name === 'opa_eval')) {
      throw new ParapetError('POLICY_INVALID', 'the module is not a policy built by OPA', {
        help: 'build it with `parapet build` or `opa build -t wasm` of OPA 0.35 or later',
      })
    }
    return new Policy(module, {
      data: options.data ?? {},
      builtins: options.builtins ?? (() => undefined),
      memoryBytesMax: options.memoryBytesMax ?? POLICY_MEMORY_BYTES_MAX,
      print: options.print ?? (() => {}),
    })
  }

  /** Replaces the data document; the next evaluation sees it. */
  setData(data: unknown): void {
    this.#dataText = encodeData(data)
    this.#instance = this.#instantiate()
  }

  /** Id of an entrypoint for `decide`; ParapetError `ENTRYPOINT_UNKNOWN` where there is none of that name. */
  entrypoint(name: string): number {
    const id = this.#instance.tables.entrypoints[name]
    if (id !== undefined) return id
    throw new ParapetError('ENTRYPOINT_UNKNOWN', `the policy has no entrypoint \`${name}\``, {
      help: `it has ${this.entrypoints.map((known) => `\`${known}\``).join(', ')}`,
    })
  }

  /**
   * Evaluates one entrypoint. Undefined where the decision is undefined or an empty set or array,
   * which costs no parsing; else the decision's JSON value.
   *
   * @throws EvaluationError `EVENT_TOO_LARGE` or `POLICY_FAILED`.
   */
  decide(entrypoint: number, event: ProvedEvent): unknown {
    try {
      const instance = this.#instance
      const address = instance.evaluate(entrypoint, event)
      const value = instance.isEmpty(address) ? undefined : resultOf(instance.answer(address))
      if (instance.memoryBytes > INSTANCE_MEMORY_BYTES_MAX) this.#instance = this.#instantiate()
      return value
    } catch (cause) {
      throw this.#recover(cause)
    }
  }

  /** After a trap or an abort nothing inside the instance can be relied on. */
  #recover(cause: unknown): EvaluationError {
    const full = this.#instance.memoryBytes + 65_536 > this.#options.memoryBytesMax
    this.#instance = this.#instantiate()
    if (full || cause instanceof RangeError) {
      const what = full ? 'policy memory' : 'the evaluation stack'
      return new EvaluationError('EVENT_TOO_LARGE', `the event does not fit into ${what}`, cause)
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new EvaluationError('POLICY_FAILED', `the policy failed: ${oneLine(reason)}`, cause)
  }

  #instantiate(): AbiInstance {
    const { builtins, memoryBytesMax, print } = this.#options
    const missing: string[] = []
    const resolve = (name: string): HostBuiltin => {
      const found = hostBuiltins[name] ?? builtins(name)
      if (!found) missing.push(name)
      return found ?? (() => undefined)
    }
    let instance: AbiInstance
    try {
      const data = this.#dataText
      instance = new AbiInstance(this.#module, { builtins: resolve, memoryBytesMax, data, print })
    } catch (cause) {
      throw new ParapetError('POLICY_INVALID', 'the policy cannot be instantiated', { cause })
    }
    if (missing.length > 0) throw missingBuiltins(missing)
    checkVersion(instance.version)
    return instance
  }
}

function missingBuiltins(names: readonly string[]): ParapetError {
  const list = names.map((name) => `\`${name}\``).join(', ')
  const noun = names.length === 1 ? 'a builtin' : 'builtins'
  return new ParapetError(
    'BUILTIN_MISSING',
    `the policy needs ${noun} not provided here: ${list}`,
    {
      help: 'leave the builtin out of the policy, or allow and provide it by name',
    },
  )
}

function checkVersion(version: string): void {
  const [major, minor] = version.split('.').map(Number)
  if (major === 1 && minor !== undefined && minor >= ABI_MINOR_MIN) return
  throw new ParapetError(
    'POLICY_INVALID',
    `the policy has WASM ABI \`${version}\`, not 1.2 or later`,
    {
      help: 'build it again with a current OPA',
    },
  )
}

function encodeData(data: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(data ?? {}))
}

function resultOf(answer: string): unknown {
  const results = JSON.parse(answer) as { result: unknown }[]
  return results[0]?.result
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
