/**
 * OPA's compiler, test runner and evaluator, embedded as WebAssembly and run in a thread of their
 * own. Everybody who needs the compiler uses this class; nothing else talks to the module.
 */
import { join } from 'node:path'
import type { DescribedModule } from '../rego/metadata.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { Cache, cacheKey } from './cache.ts'
import { cacheFolder } from './cache-folder.ts'
import { Channel, type ChannelOptions } from './channel.ts'
import { Evaluator, type EvaluatorOptions } from './evaluator.ts'
import { type Failure, type Issue, Places } from './issues.ts'
import { builtWasm, wasmDigest } from './location.ts'
import {
  type MutantsRequest,
  type RawMutants,
  type RawReadings,
  readMutants,
  type WireMutants,
} from './raw-mutants.ts'
import { type PolicySources, type RegoSource, wirePolicy } from './sources.ts'
import { describedModules, type WireModule } from './described.ts'
import { readTests, type TestOptions, type TestReport, type WireTests } from './tests.ts'

/** Builtins whose answer depends on more than their arguments. */
const ASKS_THE_WORLD =
  /\b(?:time\.now_ns|rand\.intn|uuid\.rfc4122|http\.send|net\.lookup_ip_addr|opa\.runtime)\b/

export interface ToolchainOptions extends ChannelOptions {
  /** Folder of compiled results; null keeps none. Default: `cacheFolder()`. */
  readonly cacheDir?: string | null
  /** Path of the module. Default: the one that `npm run prepare` builds. */
  readonly wasm?: string
}

export interface BuildOptions {
  /** Slash paths such as `guardrails/violations`; OPA adds those that METADATA names. */
  readonly entrypoints: readonly string[]
  readonly revision?: string
  /** Roots of the manifest; default: those of the folder's `.manifest`. */
  readonly roots?: readonly string[]
  /** Laid over the `metadata` of the folder's `.manifest`. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** `wasm` (default) or `rego`, which has no policy.wasm. */
  readonly target?: 'wasm' | 'rego'
}

export interface BuiltBundle {
  /** policy.wasm; empty for target `rego`. */
  readonly wasm: Uint8Array
  /** The archive, byte for byte what `opa build -b` writes. */
  readonly bundle: Uint8Array
  /** data.json, as UTF-8 JSON text with the digits of its numbers. */
  readonly data: Uint8Array
  readonly entrypoints: readonly string[]
  readonly manifest: Readonly<Record<string, unknown>>
}

/** What partial evaluation leaves of a query. */
export interface PartialEvaluation {
  /** The remaining queries as Rego. */
  readonly queries: readonly string[]
  /** Modules that the queries refer to, as Rego. */
  readonly support: readonly string[]
  /** The same as OPA's syntax trees, every node with its location. */
  readonly ast: { readonly queries: readonly unknown[]; readonly support: readonly unknown[] }
}

export interface PartialOptions {
  readonly query: string
  /** References such as `input` and `data.org`. Default `["input"]`. */
  readonly unknowns?: readonly string[]
  readonly disableInlining?: readonly string[]
  readonly shallowInlining?: boolean
}

export interface ResidualOptions {
  /** References to sets: `data.guardrails.workloads.pod_exec.violation`. */
  readonly rules: readonly string[]
  /** Most steps that partial evaluation may take for one rule. */
  readonly steps: number
}

/** What `toolchain/residuals.go` answers. */
export interface RawResiduals {
  /** Builtins whose answer depends on more than their arguments: the time, chance, the network. */
  readonly nondeterministic: readonly string[]
  readonly syntax: unknown
}

export interface ToolchainVersion {
  readonly opa: string
  readonly go: string
  /** OPA's capabilities document, where asked for. */
  readonly capabilities?: unknown
}

export class Toolchain {
  readonly #channel: Channel
  readonly #cache: Cache
  readonly #wasm: string
  #digest: Promise<string> | undefined
  readonly #running = new Map<string, Promise<Uint8Array[]>>()

  private constructor(wasm: string, cache: Cache, channel: Channel) {
    this.#wasm = wasm
    this.#cache = cache
    this.#channel = channel
  }

  /** Opens the toolchain; nothing is loaded before the first call that needs it. */
  static open(options: ToolchainOptions = {}): Toolchain {
    const wasm = options.wasm ?? builtWasm
    const folder = options.cacheDir === undefined ? cacheFolder() : options.cacheDir
    const cache = new Cache(folder === null ? null : join(folder, 'compiled'))
    return new Toolchain(wasm, cache, new Channel(wasm, options))
  }

  /** Versions of OPA and Go, and on request OPA's capabilities. */
  version(options: { capabilities?: boolean } = {}): Promise<ToolchainVersion> {
    return this.#call<ToolchainVersion>('version', options).then(({ result }) => result)
  }

  /**
   * Hash of a bundle's file as OPA computes it for signatures, in hex. Throws a ParapetError where
   * OPA cannot read the file.
   * @param name decides, as in OPA, whether the content or the bytes are hashed
   * @param algorithm OPA's name of it, `SHA-256`
   */
  async hash(name: string, bytes: Uint8Array, algorithm: string): Promise<string> {
    const params = { name, algorithm }
    return (await this.#call<string>('hash', params, new Places([]), [bytes])).result
  }

  /** The syntax tree of a module, as `opa parse --format json`, with locations. Throws a ParapetError. */
  async parse(source: RegoSource, options: { regoVersion?: 0 | 1 } = {}): Promise<unknown> {
    const params = { source: { path: source.file, text: source.text }, ...options }
    const { parts } = await this.#call('parse', params, new Places([source]))
    return json(parts[0]!)
  }

  /** Formats a module as `opa fmt`. Throws a ParapetError with all syntax errors. */
  async format(source: RegoSource, options: { regoVersion?: 0 | 1 } = {}): Promise<string> {
    const params = { source: { path: source.file, text: source.text }, ...options }
    return (await this.#call<string>('format', params, new Places([source]))).result
  }

  /** Every error of a policy, as `opa check --strict` with its schemas finds them; none means sound. */
  async check(
    policy: PolicySources,
    options: { strict?: boolean } = {},
  ): Promise<LocatedDiagnostic[]> {
    const places = placesOf(policy)
    const params = { policy: wirePolicy(policy), strict: options.strict ?? true }
    const { result } = await this.#cached<Issue[]>('check', params, places)
    return places.diagnostics(result)
  }

  /** Compiles a bundle. Throws a ParapetError with every error of the policy. */
  async build(policy: PolicySources, options: BuildOptions): Promise<BuiltBundle> {
    const { entrypoints, revision, target = 'wasm' } = options
    const manifest = manifestOf(policy, options)
    const params = { policy: wirePolicy(policy), entrypoints, revision, target, manifest }
    type Built = Pick<BuiltBundle, 'entrypoints' | 'manifest'>
    const { result, parts } = await this.#cached<Built>('build', params, placesOf(policy))
    return { bundle: parts[0]!, wasm: parts[1]!, data: parts[2]!, ...result }
  }

  /** Runs a policy's tests with OPA's runner. Throws a ParapetError when the policy does not compile. */
  async test(policy: PolicySources, options: TestOptions = {}): Promise<TestReport> {
    const places = placesOf(policy)
    const params = { policy: wirePolicy(policy), ...options }
    // What a test says of the time or of chance is true once; one that was stopped says nothing.
    const isRepeatable = !policy.modules.some(({ text }) => ASKS_THE_WORLD.test(text))
    const { result } = await this.#cached<WireTests>(
      'test',
      params,
      places,
      ({ tests }) => isRepeatable && tests.every(({ status }) => status !== 'error'),
    )
    return readTests(result, places)
  }

  /** Every module with its package, rules and METADATA. Throws a ParapetError with all syntax errors. */
  async annotations(policy: PolicySources): Promise<DescribedModule[]> {
    const places = placesOf(policy)
    const params = { policy: wirePolicy({ ...policy, schemas: {}, documents: [], data: null }) }
    const { result } = await this.#cached<WireModule[]>('annotations', params, places)
    return describedModules(result, places)
  }

  /** Partially evaluates a query. Throws a ParapetError. */
  async partial(policy: PolicySources, options: PartialOptions): Promise<PartialEvaluation> {
    const params = { policy: wirePolicy(policy), unknowns: ['input'], ...options }
    type Texts = Pick<PartialEvaluation, 'queries' | 'support'>
    const { result, parts } = await this.#cached<Texts>('partial', params, placesOf(policy))
    return { ...result, ast: json(parts[0]!) as PartialEvaluation['ast'] }
  }

  /**
   * What partial evaluation leaves of rules, each one asked for by its reference, with input and all
   * data unknown. `residualsOf` in residuals.ts reads the answer. Throws a ParapetError.
   */
  async residuals(policy: PolicySources, options: ResidualOptions): Promise<RawResiduals> {
    const { modules, regoVersion } = policy
    const sources = { modules, ...(regoVersion === undefined ? {} : { regoVersion }) }
    const params = { policy: wirePolicy(sources), ...options }
    type Names = Pick<RawResiduals, 'nondeterministic'>
    // Not kept: what is read from it is, and is a tenth of it.
    const { result, parts } = await this.#call<Names>('residuals', params, placesOf(policy))
    return { ...result, syntax: json(parts[0]!) }
  }

  /**
   * Makes the mutants of a guardrail, and evaluates it and them on events, each the JSON text of one
   * input. `mutantAnswers` in mutants.ts keeps and reads the answer. Throws a ParapetError.
   */
  async mutants(
    policy: PolicySources,
    request: MutantsRequest,
    events: readonly Uint8Array[],
  ): Promise<RawMutants> {
    const places = placesOf(policy)
    const params = { policy: wirePolicy(policy), ...request }
    const { result, parts } = await this.#call<WireMutants>('mutants', params, places, events)
    const { leftOut } = result
    const mutants = readMutants(result, places)
    return { mutants, leftOut, events: parts.map((part) => json(part) as RawReadings) }
  }

  /**
   * Something that is made from what the compiler says, as JSON, kept as compiled results are: under
   * the hash of everything that it depends on, which `inputs` must name.
   */
  async remember<T>(inputs: readonly unknown[], make: () => Promise<T>): Promise<T> {
    this.#digest ??= wasmDigest(this.#wasm)
    const key = cacheKey(await this.#digest, 'remember', ...inputs)
    const [kept] = (await this.#cache.get(key)) ?? []
    if (kept) return json(kept) as T
    const made = await make()
    await this.#cache.put(key, [Buffer.from(JSON.stringify(made))])
    return made
  }

  /** Prepares a query for OPA's own evaluator. Throws a ParapetError when it does not compile. */
  async prepare(
    policy: PolicySources,
    query: string,
    options: EvaluatorOptions = {},
  ): Promise<Evaluator> {
    const places = placesOf(policy)
    const call = (verb: string, params: object, parts?: readonly Uint8Array[]) =>
      this.#call(verb, params, places, parts)
    return Evaluator.prepare(call, places, { policy: wirePolicy(policy), query, ...options })
  }

  /** Ends the thread. Calls that are running or waiting are rejected with `TOOLCHAIN_CLOSED`. */
  close(): Promise<void> {
    return this.#channel.close()
  }

  /** A call whose answer depends on its parameters alone, so that it is worth keeping. */
  async #cached<T>(
    verb: string,
    params: object,
    places: Places,
    isKept: (result: T) => boolean = () => true,
  ): Promise<Answer<T>> {
    this.#digest ??= wasmDigest(this.#wasm)
    const key = cacheKey(await this.#digest, verb, params)
    const kept = await this.#cache.get(key)
    if (kept) return answerOf<T>(kept, places)
    const parts = await this.#once(key, () => this.#channel.call({ verb, params }))
    const answer = answerOf<T>(parts, places)
    if (isKept(answer.result)) await this.#cache.put(key, parts)
    return answer
  }

  /** What is being made is not made a second time beside it. */
  #once(key: string, make: () => Promise<Uint8Array[]>): Promise<Uint8Array[]> {
    const running = this.#running.get(key)
    if (running) return running
    const made = make().finally(() => this.#running.delete(key))
    this.#running.set(key, made)
    return made
  }

  async #call<T>(
    verb: string,
    params: object,
    places: Places = new Places([]),
    parts: readonly Uint8Array[] = [],
  ): Promise<Answer<T>> {
    return answerOf<T>(await this.#channel.call({ verb, params }, parts), places)
  }
}

/** What a verb answered: its result and its raw parts. */
export interface Answer<T> {
  readonly result: T
  readonly parts: readonly Uint8Array[]
}

function answerOf<T>([head, ...parts]: readonly Uint8Array[], places: Places): Answer<T> {
  const { result, failure } = json(head!) as { result: T; failure?: Failure }
  if (failure) throw places.error(failure)
  return { result, parts }
}

function json(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
}

function placesOf(policy: PolicySources): Places {
  return new Places([...policy.modules, ...(policy.documents ?? [])])
}

function manifestOf(policy: PolicySources, { roots, metadata }: BuildOptions): unknown {
  if (!policy.manifest && !roots && !metadata) return undefined
  const base = (policy.manifest?.['metadata'] ?? {}) as object
  return {
    ...policy.manifest,
    ...(roots && { roots }),
    ...(metadata && { metadata: { ...base, ...metadata } }),
  }
}
