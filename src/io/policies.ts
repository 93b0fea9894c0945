import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bundle } from '../bundle/bundle.ts'
import type { TrustPolicy } from '../bundle/trust.ts'
import { DecisionEvaluator } from '../engine/decision.ts'
import { mergeData, readData } from '../engine/data.ts'
import type { Evaluator } from '../engine/evaluator.ts'
import { withoutExceptions } from '../engine/exceptions.ts'
import { GuardrailEvaluator, UNION } from '../engine/guardrails.ts'
import { decisionPath } from '../rego/decision-path.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { Policy } from '../rego/policy.ts'
import { bindData } from '../residual/bind.ts'
import { decodeResiduals } from '../residual/decode.ts'
import type { GuardrailResidual, Json } from '../residual/residual.ts'
import { locate } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { POLICY_MEMORY_BYTES_MAX } from '../text/limits.ts'
import { environment } from './environment.ts'
import { type Place, placeOf, type Source } from './place.ts'
import { readSource } from './source.ts'

/** The default bundle, which stands beside `src` and `dist` alike. */
const BUILTIN_BUNDLE = fileURLToPath(new URL('../../bundles/parapet.tar.gz', import.meta.url))
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
  /** Of the guardrails, or of the decision; undefined where nothing is known. */
  readonly residuals?: readonly GuardrailResidual[] | undefined
}

/**
 * Loads everything that is to judge events. The compiler is loaded only where a policy is source.
 * @throws ParapetError for whatever is wrong with a policy or its data
 */
export async function loadEvaluators(request: PolicyRequest): Promise<Evaluator[]> {
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
  const loaded: Evaluator[] = []
  for (const source of sources) {
    const wanted = source === 'builtin' ? [] : decisions
    loaded.push(...(await loadSource(source, wanted, overlay, request)))
  }
  return loaded
}

async function loadSource(
  named: Source,
  decisions: readonly string[],
  overlay: unknown,
  request: PolicyRequest,
): Promise<Evaluator[]> {
  const load = async ({ wasm, residuals }: Compiled, data: unknown): Promise<Loaded> => {
    const policy = await Policy.load(wasm, {
      ...environment,
      data,
      memoryBytesMax: request.maxMemoryBytes ?? POLICY_MEMORY_BYTES_MAX,
    })
    return { policy, residuals: residuals && bound(residuals, data) }
  }
  const { path: file, shown: source } = policyPlace(named, request.cwd)
  const trust = source === 'builtin' ? undefined : request.trust
  const ready = await readCompiled(file, source, trust)
  if (decisions.length > 0) {
    const evaluators: Evaluator[] = []
    for (const decision of decisions) {
      const compiled = ready ?? (await compileForDecision(file, source, decision, request.onNotice))
      const loaded = await load(compiled, mergeData(compiled.data, overlay))
      evaluators.push(decisionEvaluator(source, loaded, decisionPath(decision)))
    }
    return evaluators
  }
  const compiled = ready ?? (await compileForGuardrails(file, source, request.onNotice))
  const data = mergeData(compiled.data, overlay)
  // They are applied to findings, which are then counted and listed.
  const { policy, residuals } = await load(compiled, withoutExceptions(data))
  if (!policy.entrypoints.includes(UNION)) throw noUnion(source, policy.entrypoints)
  return [new GuardrailEvaluator(source, policy, compiled.guardrails, residuals, data)]
}

/** A policy with its data, and its residuals with the same data put in. */
interface Loaded {
  readonly policy: Policy
  readonly residuals: readonly GuardrailResidual[] | undefined
}

function bound(residuals: readonly GuardrailResidual[], data: unknown): GuardrailResidual[] {
  return residuals.map((one) => ({ ...one, residual: bindData(one.residual, data as Json) }))
}

/**
 * A decision that is no set has no residual: it would not be seen that there is nothing to find in
 * it. That of an event without members tells.
 */
function decisionEvaluator(
  source: string,
  { policy, residuals }: Loaded,
  decision: string,
): DecisionEvaluator {
  const residual = residuals?.find(({ entrypoint }) => entrypoint === decision)
  const indexed =
    residual && policy.isCollection(policy.entrypoint(decision)) ? residual : undefined
  return new DecisionEvaluator(source, policy, decision, indexed)
}

/** Where a policy is; `builtin` is the bundle that comes with Parapet. */
export function policyPlace(source: Source, cwd: string): Place {
  return source === 'builtin' ? { path: BUILTIN_BUNDLE, shown: source } : placeOf(source, cwd)
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
    const { openTrusted } = await import('../bundle/open.ts')
    return (await openTrusted(bytes, trust, { file })).bundle
  }
  const { readBundle } = await import('../bundle/read.ts')
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
  const guardrails = bundle.manifest.metadata?.['guardrails']
  return {
    wasm,
    data: bundle.data,
    guardrails: Array.isArray(guardrails) ? (guardrails as GuardrailMetadata[]) : [],
    residuals: decodeResiduals(bundle.manifest.metadata?.['residuals'], wasm),
  }
}

async function compileForGuardrails(
  file: string,
  shown: string,
  onNotice: PolicyRequest['onNotice'],
): Promise<Compiled> {
  const { compileGuardrails } = await import('../toolchain/guardrails.ts')
  return withToolchain(file, shown, onNotice, compileGuardrails)
}

async function compileForDecision(
  file: string,
  shown: string,
  decision: string,
  onNotice: PolicyRequest['onNotice'],
): Promise<Compiled> {
  const { compileDecision } = await import('../toolchain/decision.ts')
  const { residualsOf } = await import('../toolchain/residuals.ts')
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
  toolchain: import('../toolchain/toolchain.ts').Toolchain,
  policy: import('../toolchain/sources.ts').PolicySources,
) => Promise<Omit<Compiled, 'data'> & { readonly data: Uint8Array }>

async function withToolchain(
  file: string,
  shown: string,
  onNotice: PolicyRequest['onNotice'],
  compile: Compile,
): Promise<Compiled> {
  const { readPolicyFolder } = await import('./policy-folder.ts')
  const { Toolchain } = await import('../toolchain/toolchain.ts')
  const { policy, diagnostics } = await readPolicyFolder(file, { shown })
  for (const { message } of diagnostics) onNotice?.(message)
  const toolchain = Toolchain.open()
  try {
    const { wasm, data, guardrails, residuals } = await compile(toolchain, policy)
    return { wasm, data: JSON.parse(Buffer.from(data).toString()), guardrails, residuals }
  } finally {
    await toolchain.close()
  }
}

async function readOverlay(request: PolicyRequest): Promise<unknown> {
  let overlay: unknown = {}
  for (const file of request.data ?? []) {
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

function noUnion(source: string, entrypoints: readonly string[]): ParapetError {
  const known = entrypoints.map((name) => `\`${name}\``).join(', ')
  return new ParapetError('DECISION_MISSING', `\`${source}\` has no decision \`${UNION}\``, {
    file: source,
    help: `name one of its decisions with --decision: ${known}`,
  })
}
