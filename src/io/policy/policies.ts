import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Bundle } from '../../bundle/bundle.ts'
import type { TrustPolicy } from '../../bundle/trust.ts'
import { mergeData } from '../../engine/merge-data.ts'
import { strayExceptions } from '../../engine/exceptions.ts'
import type { Evaluator } from '../../engine/evaluator.ts'
import type { GuardrailMetadata } from '../../rego/metadata.ts'
import { Policy } from '../../rego/policy.ts'
import { decodeResiduals } from '../../residual/decode.ts'
import { locate } from '../../text/diagnostic.ts'
import { ParapetError } from '../../text/error.ts'
import { POLICY_MEMORY_BYTES_MAX } from '../../text/limits.ts'
import { makeEvaluator, type PolicySource } from './evaluators.ts'
import { builtinBundle } from '../installed.ts'
import { type Place, placeOf, type Source } from './place.ts'
import { readSource } from '../source.ts'

const GZIP_MAGIC = 0x1f8b
const WASM_MAGIC = 0x0061736d

export interface PolicyRequest {
  /** Folders, .rego files, bundles or `builtin`; the built-in pack where none is given. */
  readonly policies?: readonly Source[]
  readonly data?: readonly string[]
  readonly decisions?: readonly string[]
  /** Whose bundles are accepted; every policy but `builtin` must then be a bundle that they signed. */
  readonly trust?: TrustPolicy | undefined
  readonly maxMemoryBytes?: number
  readonly cwd: string
  /** Receives what was left out of a policy's folder, and why. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/** Compiled guardrails or foreign Rego, before data is laid over its own. */
interface Compiled {
  readonly wasm: Uint8Array
  readonly data: unknown
  readonly guardrails: readonly GuardrailMetadata[]
  readonly residuals?: PolicySource['residuals']
}

/**
 * Loads everything that is to judge events, for this thread.
 * @throws ParapetError for whatever is wrong with a policy or its data
 */
export async function loadEvaluators(request: PolicyRequest): Promise<Evaluator[]> {
  const evaluators: Evaluator[] = []
  for (const source of await loadPolicies(request)) evaluators.push(await makeEvaluator(source))
  return evaluators
}

/**
 * Reads and compiles all policies that are to judge events. The compiler is loaded only where one is
 * source.
 * @throws ParapetError for whatever is wrong with a policy or its data
 */
export async function loadPolicies(request: PolicyRequest): Promise<PolicySource[]> {
  const { policies = [], decisions = [] } = request
  if (decisions.length > 0 && policies.every((source) => source === 'builtin')) {
    throw new ParapetError('USAGE', '`--decision` needs a `--policy` to take the decision of', {
      help: 'for example `parapet scan --policy ./policy --decision main/deny audit.log`',
    })
  }
  if (request.trust && policies.every((source) => source === 'builtin')) {
    throw new ParapetError('USAGE', 'there is no bundle whose signature could be verified', {
      help: 'name a signed bundle with --policy; the built-in pack is part of Parapet itself',
    })
  }
  const overlay = await readOverlay(request)
  const sources = policies.length > 0 ? policies : ['builtin']
  const loaded: PolicySource[] = []
  for (const source of sources) {
    const wanted = source === 'builtin' ? [] : decisions
    loaded.push(...(await loadSource(source, wanted, overlay, request)))
  }
  const known = new Set(loaded.flatMap(({ guardrails }) => guardrails.map(({ id }) => id)))
  if (known.size > 0) {
    for (const notice of strayExceptions(overlay, known)) request.onNotice?.(notice)
  }
  return loaded
}

async function loadSource(
  named: Source,
  decisions: readonly string[],
  overlay: unknown,
  request: PolicyRequest,
): Promise<PolicySource[]> {
  const { path: file, shown: name } = policyPlace(named, request.cwd)
  const load = async (compiled: Compiled, decision?: string): Promise<PolicySource> => ({
    kind: 'policy',
    name,
    module: await Policy.compile(compiled.wasm),
    data: mergeData(compiled.data, overlay),
    memoryBytesMax: request.maxMemoryBytes ?? POLICY_MEMORY_BYTES_MAX,
    guardrails: compiled.guardrails,
    residuals: compiled.residuals,
    ...(decision === undefined ? {} : { decision }),
  })
  const trust = name === 'builtin' ? undefined : request.trust
  const ready = await readCompiled(file, name, trust)
  if (decisions.length === 0) {
    return [await load(ready ?? (await compileForGuardrails(file, name, request.onNotice)))]
  }
  const loaded: PolicySource[] = []
  for (const decision of decisions) {
    const compiled = ready ?? (await compileForDecision(file, name, decision, request.onNotice))
    loaded.push(await load(compiled, decision))
  }
  return loaded
}

/** Where a policy is; `builtin` is the bundle that comes with Parapet. */
export function policyPlace(source: Source, cwd: string): Place {
  return source === 'builtin' ? { path: builtinBundle, shown: source } : placeOf(source, cwd)
}

/** A bundle or policy.wasm, ready to be evaluated; undefined for sources. */
export async function readCompiled(
  file: string,
  shown: string,
  trust: TrustPolicy | undefined,
): Promise<Compiled | undefined> {
  const kind = await stat(file).catch((cause) => {
    throw missing(shown, cause)
  })
  if (kind.isDirectory() || file.endsWith('.rego')) {
    if (trust) throw unsigned(shown)
    return undefined
  }
  const bytes = await readFile(file)
  if (shown === 'builtin') return fromOwnBundle(bytes)
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === GZIP_MAGIC) {
    return fromBundle(await openBundle(bytes, shown, trust), shown)
  }
  if (trust) throw unsigned(shown)
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === WASM_MAGIC) {
    return { wasm: bytes, data: {}, guardrails: [] }
  }
  throw new ParapetError('POLICY_INVALID', `\`${shown}\` is neither Rego nor a bundle`, {
    file: shown,
    help: 'a policy is a folder, a .rego file, a bundle (.tar.gz) or a policy.wasm',
  })
}

async function openBundle(
  bytes: Uint8Array,
  file: string,
  trust: TrustPolicy | undefined,
): Promise<Bundle> {
  if (trust) {
    const { openTrusted } = await import('../../bundle/open.ts')
    return (await openTrusted(bytes, trust, { file })).bundle
  }
  const { readBundle } = await import('../../bundle/read.ts')
  return (await readBundle(bytes, { file })).bundle
}

function unsigned(shown: string): ParapetError {
  return new ParapetError('SIGNATURE_MISSING', `\`${shown}\` is no signed bundle`, {
    file: shown,
    help: 'build and sign it with `parapet build --signing-key`, or leave --verify-key and --trust out',
  })
}

function fromBundle(bundle: Bundle, shown: string): Compiled {
  const [wasm] = bundle.wasm.values()
  if (!wasm) {
    throw new ParapetError('BUNDLE_WITHOUT_WASM', `\`${shown}\` holds no policy.wasm`, {
      file: shown,
      help: 'build it with the target wasm, or give the folder that it was built from',
    })
  }
  return compiledOf(wasm, bundle.data, bundle.manifest.metadata ?? {})
}

async function fromOwnBundle(bytes: Uint8Array): Promise<Compiled> {
  const { readOwnBundle } = await import('../../bundle/own.ts')
  const { wasm, data, metadata } = await readOwnBundle(bytes, 'builtin')
  const { guardrails, residuals } = metadata
  return { wasm, data, guardrails: guardrails as readonly GuardrailMetadata[], residuals }
}

function compiledOf(
  wasm: Uint8Array,
  data: unknown,
  { guardrails, residuals }: Readonly<Record<string, unknown>>,
): Compiled {
  return {
    wasm,
    data,
    guardrails: Array.isArray(guardrails) ? (guardrails as GuardrailMetadata[]) : [],
    residuals: decodeResiduals(residuals, wasm),
  }
}

async function compileForGuardrails(
  file: string,
  shown: string,
  onNotice: PolicyRequest['onNotice'],
): Promise<Compiled> {
  const { compileGuardrails } = await import('../../toolchain/guardrails.ts')
  return withToolchain(file, shown, onNotice, compileGuardrails)
}

async function compileForDecision(
  file: string,
  shown: string,
  decision: string,
  onNotice: PolicyRequest['onNotice'],
): Promise<Compiled> {
  const { compileDecision } = await import('../../toolchain/decision.ts')
  const { residualsOf } = await import('../../toolchain/residuals.ts')
  return withToolchain(file, shown, onNotice, async (toolchain, policy) => {
    const compiled = await compileDecision(toolchain, policy, decision)
    const { entrypoint, regoVersion } = compiled
    const asked = [{ id: entrypoint, entrypoint }]
    const residuals = await residualsOf(toolchain, { ...policy, regoVersion }, asked).catch(
      (error: unknown) => {
        // A decision that has no elements cannot be asked when it has some.
        if (error instanceof ParapetError) return undefined
        throw error
      },
    )
    return { ...compiled, guardrails: [], residuals: residuals && [...residuals.values()] }
  })
}

type Compile = (
  toolchain: import('../../toolchain/toolchain.ts').Toolchain,
  policy: import('../../toolchain/sources.ts').PolicySources,
) => Promise<Omit<Compiled, 'data'> & { readonly data: Uint8Array }>

async function withToolchain(
  file: string,
  shown: string,
  onNotice: PolicyRequest['onNotice'],
  compile: Compile,
): Promise<Compiled> {
  const { readPolicyFolder } = await import('./policy-folder.ts')
  const { Toolchain } = await import('../../toolchain/toolchain.ts')
  const { refusedCalls } = await import('../refused-builtins.ts')
  const { policy, diagnostics } = await readPolicyFolder(file, { shown })
  for (const { message } of diagnostics) onNotice?.(message)
  const toolchain = Toolchain.open()
  try {
    const { wasm, data, guardrails, residuals } = await compile(toolchain, policy)
    ParapetError.throwFirst(await refusedCalls(toolchain, policy, wasm))
    return { wasm, data: JSON.parse(Buffer.from(data).toString()), guardrails, residuals }
  } finally {
    await toolchain.close()
  }
}

async function readOverlay(request: PolicyRequest): Promise<unknown> {
  let overlay: unknown = {}
  if (!request.data?.length) return overlay
  // The YAML parser takes longer to load than most policies to read.
  const { readData } = await import('../../engine/data.ts')
  for (const file of request.data) {
    const document = await readSource(path.resolve(request.cwd, file), file)
    const { value, diagnostics } = readData(document)
    ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
    overlay = mergeData(overlay, value)
  }
  return overlay
}

function missing(shown: string, cause: unknown): ParapetError {
  return new ParapetError('POLICY_UNREADABLE', `the policy \`${shown}\` cannot be read`, {
    file: shown,
    help: 'give an existing folder, .rego file, bundle or policy.wasm, or `builtin`',
    cause,
  })
}
