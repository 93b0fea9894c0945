import type { ProvedEvent } from '../audit/proved.ts'
import { ParapetError } from '../text/error.ts'
import { POLICY_MEMORY_BYTES_MAX } from '../text/limits.ts'
import { AS_JSON, AS_TERM, PolicyAbort } from './abi.ts'
import type { AbiInstance } from './abi.ts'
import { EvaluationState } from './evaluation.ts'
import { Host } from './host.ts'
import type { BuiltinProvider, HostOptions } from './host.ts'
import { proveData, proveInput } from './input.ts'
import { Instances } from './instances.ts'
import { parseTerm, printJson } from './term.ts'

export type { BuiltinProvider, RemoteBuiltin } from './host.ts'

/** Oldest minor version of OPA's WASM ABI with `opa_eval`, the one-call evaluation. */
const ABI_MINOR_MIN = 2

export interface PolicyOptions {
  /** The `data` document, any JSON value. */
  readonly data?: unknown
  /** The `data` document as JSON text, which keeps the digits of its numbers; wins over `data`. */
  readonly dataText?: string
  /** Asked for every builtin that neither the module nor Parapet has, before the policy loads. */
  readonly builtins?: BuiltinProvider
  /**
   * Gives a provider that is asked after `builtins`. Called only where the policy needs a builtin
   * that Parapet does not have, or does not have in full.
   */
  readonly loadBuiltins?: () => Promise<BuiltinProvider>
  /**
   * Names of builtins that depend on where they run and are allowed all the same: `http.send`,
   * `net.lookup_ip_addr`, `opa.runtime`. They are answered by `builtins` alone.
   */
  readonly allow?: readonly string[]
  /** The time in nanoseconds since 1970; asked once per evaluation, by policies that read the clock. */
  readonly clock?: () => bigint
  /** As many random bytes as asked for; needed by policies that roll dice. */
  readonly random?: (size: number) => Uint8Array
  /**
   * Makes a builtin error an EvaluationError `BUILTIN_FAILED`, where Rego has it undefined. Builtins
   * that the module holds itself, such as `to_number` or division, report no errors and stay undefined.
   */
  readonly strict?: boolean
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

interface Settings extends HostOptions {
  readonly strict: boolean
  readonly memoryBytesMax: number
}

/**
 * A compiled Rego policy, loaded once and evaluated many times. Evaluation takes proved texts only,
 * so that none of what `opa_eval` answers to broken input ("nothing found") can be mistaken for an
 * answer. A policy whose instance trapped gets a fresh one; so does one whose memory, which cannot
 * shrink, has grown past what is worth keeping.
 */
export class Policy {
  /** Entrypoint names as slash paths, `guardrails/violations`. */
  readonly entrypoints: readonly string[]
  readonly #isStrict: boolean
  readonly #state: EvaluationState
  readonly #host: Host
  readonly #instances: Instances

  private constructor(module: WebAssembly.Module, settings: Settings, data: Uint8Array) {
    this.#isStrict = settings.strict
    this.#state = new EvaluationState(settings)
    this.#host = new Host(settings, this.#state)
    const { memoryBytesMax, print } = settings
    const { functionOf } = this.#host
    this.#instances = instantiating(
      () => new Instances(module, data, { memoryBytesMax, print, functionOf }),
    )
    checkVersion(this.#instances.small.version)
    this.entrypoints = Object.keys(this.#instances.small.tables.entrypoints)
  }

  /**
   * What loading takes longest for; can be given to other threads.
   *
   * @throws ParapetError `POLICY_INVALID` where the bytes are no WebAssembly.
   */
  static async compile(wasm: Uint8Array): Promise<WebAssembly.Module> {
    try {
      return await WebAssembly.compile(wasm)
    } catch (cause) {
      throw new ParapetError('POLICY_INVALID', 'the policy is not a WebAssembly module', { cause })
    }
  }

  /**
   * Loads policy.wasm, or what was compiled of it.
   *
   * @throws ParapetError `POLICY_INVALID` where the bytes are no Rego policy of a known ABI,
   *   `BUILTIN_MISSING` where it needs builtins that nobody provides, `BUILTIN_REFUSED` where it
   *   needs some that were not allowed (all of them named), `DATA_INVALID` where the data is no JSON.
   */
  static async load(
    wasm: Uint8Array | WebAssembly.Module,
    options: PolicyOptions = {},
  ): Promise<Policy> {
    const module = wasm instanceof WebAssembly.Module ? wasm : await Policy.compile(wasm)
    if (!WebAssembly.Module.exports(module).some((item) => item.name === 'opa_eval')) {
      throw new ParapetError('POLICY_INVALID', 'the module is not a policy built by OPA', {
        help: 'build it with `parapet build` or `opa build -t wasm` of OPA 0.35 or later',
      })
    }
    const data = dataOf(options.data, options.dataText)
    const policy = new Policy(module, settingsOf(options), data)
    await policy.#host.prepare(Object.keys(policy.#instances.small.tables.builtins))
    policy.#instances.bind()
    return policy
  }

  /** Replaces the data document; the next evaluation sees it. */
  setData(data: unknown): void {
    instantiating(() => this.#instances.replaceData(dataOf(data, undefined)))
  }

  /** Replaces the data document by a JSON text, keeping the digits of its numbers. */
  setDataText(text: string): void {
    instantiating(() => this.#instances.replaceData(dataOf(undefined, text)))
  }

  /** Id of an entrypoint for `decide`; ParapetError `ENTRYPOINT_UNKNOWN` where there is none of that name. */
  entrypoint(name: string): number {
    const { entrypoints } = this.#instances.small.tables
    if (Object.hasOwn(entrypoints, name)) return entrypoints[name]!
    throw new ParapetError('ENTRYPOINT_UNKNOWN', `the policy has no entrypoint \`${name}\``, {
      help: `it has ${this.entrypoints.map((known) => `\`${known}\``).join(', ')}`,
    })
  }

  /**
   * Evaluates one entrypoint. Undefined where the decision is undefined or an empty set or array,
   * which costs no parsing; else the decision's JSON value.
   *
   * @throws EvaluationError `EVENT_TOO_LARGE`, `POLICY_FAILED` or, where strict, `BUILTIN_FAILED`.
   */
  decide(entrypoint: number, event: ProvedEvent): unknown {
    return this.#evaluate(entrypoint, event, AS_JSON, decisionOf)
  }

  /** True where the decision on an input without members is a set or an array. */
  isCollection(entrypoint: number): boolean {
    try {
      return this.decideValue(entrypoint, '{}')?.startsWith('[') === true
    } catch (error) {
      if (error instanceof EvaluationError) return false
      throw error
    }
  }

  /**
   * Evaluates one entrypoint and gives the decision as JSON text, in which numbers keep their
   * digits, and sets are arrays in Rego's order. Undefined where the decision is undefined. Throws
   * as `decide`.
   */
  decideText(entrypoint: number, event: ProvedEvent): string | undefined {
    return decisionText(this.#evaluate(entrypoint, event, AS_TERM, jsonOf))
  }

  /**
   * As `decideText`, on any value as input: the text of one JSON value, or of a Rego term with sets.
   * Without a text `input` is undefined.
   *
   * @throws EvaluationError also `INPUT_INVALID`, where the text is not exactly one value.
   */
  decideValue(entrypoint: number, input?: string): string | undefined {
    return decisionText(this.results(entrypoint, input))
  }

  /**
   * OPA's whole result set as JSON text: `[]` where undefined, `[{"result": …}]` for an entrypoint,
   * one object of bindings per answer where the module was compiled from a query.
   * Input and throws as in `decideValue`.
   */
  results(entrypoint: number, input?: string): string {
    const proved = input === undefined ? undefined : proveInput(input)
    if (proved === null) {
      throw new EvaluationError('INPUT_INVALID', 'the input is not exactly one JSON value')
    }
    return this.#evaluate(entrypoint, proved, AS_TERM, jsonOf)
  }

  #evaluate<Result>(
    entrypoint: number,
    input: Uint8Array | undefined,
    format: typeof AS_JSON | typeof AS_TERM,
    read: (instance: AbiInstance, answer: number) => Result,
  ): Result {
    const state = this.#state
    state.begin()
    let instance: AbiInstance | undefined
    let result: Result
    try {
      instance = this.#instances.for(input)
      result = read(instance, instance.evaluate(entrypoint, input, format))
      this.#instances.settle(instance)
    } catch (cause) {
      if (instance) this.#instances.discard(instance)
      throw evaluationError(cause)
    }
    if (this.#isStrict && state.failure) {
      const { failure } = state
      throw new EvaluationError('BUILTIN_FAILED', `builtin ${failure.message}`, failure)
    }
    return result
  }
}

function evaluationError(cause: unknown): EvaluationError {
  if (cause instanceof PolicyAbort && cause.isOutOfMemory) {
    return new EvaluationError(
      'EVENT_TOO_LARGE',
      'the event does not fit into policy memory',
      cause,
    )
  }
  if (cause instanceof RangeError) {
    return new EvaluationError('EVENT_TOO_LARGE', 'the event does not fit on the stack', cause)
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new EvaluationError('POLICY_FAILED', `the policy failed: ${oneLine(reason)}`, cause)
}

function settingsOf(options: PolicyOptions): Settings {
  return {
    builtins: options.builtins ?? nothing,
    loadBuiltins: options.loadBuiltins ?? (() => Promise.resolve(nothing)),
    allow: options.allow ?? [],
    clock: options.clock,
    random: options.random,
    strict: options.strict ?? false,
    memoryBytesMax: options.memoryBytesMax ?? POLICY_MEMORY_BYTES_MAX,
    print: options.print ?? (() => {}),
  }
}

const nothing: BuiltinProvider = () => undefined

/** Runs what makes instances, with ParapetErrors that say what is wrong with the policy or its data. */
function instantiating<Result>(action: () => Result): Result {
  try {
    return action()
  } catch (cause) {
    if (cause instanceof ParapetError) throw cause
    if (cause instanceof PolicyAbort && cause.isOutOfMemory) throw dataTooLarge(cause)
    throw new ParapetError('POLICY_INVALID', 'the policy cannot be instantiated', { cause })
  }
}

function dataTooLarge(cause: unknown): ParapetError {
  return new ParapetError('DATA_TOO_LARGE', 'the data document does not fit into policy memory', {
    help: 'raise the memory limit, or give the policy less data',
    cause,
  })
}

function checkVersion(version: string): void {
  const [major, minor] = version.split('.').map(Number)
  if (major === 1 && minor !== undefined && minor >= ABI_MINOR_MIN) return
  throw new ParapetError(
    'POLICY_INVALID',
    `the policy has WASM ABI \`${version}\`, not 1.2 or later`,
    { help: 'build it again with a current OPA' },
  )
}

function dataOf(data: unknown, text: string | undefined): Uint8Array {
  const proved = proveData(text ?? JSON.stringify(data ?? {}) ?? '')
  if (proved) return proved
  throw new ParapetError('DATA_INVALID', 'the data document is not exactly one JSON value')
}

function decisionOf(instance: AbiInstance, answer: number): unknown {
  if (instance.isEmpty(answer)) return undefined
  const results = JSON.parse(instance.answer(answer)) as { result: unknown }[]
  return results[0]?.result
}

function jsonOf(instance: AbiInstance, answer: number): string {
  return printJson(parseTerm(instance.answer(answer)))
}

/** The decision inside `[{"result": …}]`. */
function decisionText(answer: string): string | undefined {
  return answer === '[]' ? undefined : answer.slice('[{"result":'.length, -'}]'.length)
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
