import {
  type DescribedModule,
  type GuardrailMetadata,
  isTestModule,
  readGuardrails,
} from '../rego/metadata.ts'
import {
  EXCEPTED_ENTRYPOINT,
  PORTABLE_ENTRYPOINT,
  UNION_ENTRYPOINT,
  UNION_PATH,
  unionModule,
} from '../rego/union.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { encodeResiduals } from '../residual/encode.ts'
import type { GuardrailResidual } from '../residual/residual.ts'
import { ParapetError } from '../text/error.ts'
import { residualsOf } from './residuals.ts'
import { bundlePath, type PolicySources } from './sources.ts'
import { withStandardLibrary } from './standard.ts'
import type { BuiltBundle, Toolchain } from './toolchain.ts'

export interface CompileOptions {
  /** Revision in the bundle's manifest. */
  readonly revision?: string
  /** Roots of the manifest; default: those of the folder's `.manifest`, else the policy's packages and data. */
  readonly roots?: readonly string[]
  /** Further `metadata` of the manifest. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Entrypoints besides those of the guardrails: `main/deny`. */
  readonly entrypoints?: readonly string[]
  readonly target?: 'wasm' | 'rego'
}

/** Guardrails ready to be evaluated and shipped. */
export interface CompiledGuardrails extends BuiltBundle {
  readonly guardrails: readonly GuardrailMetadata[]
  /** Warnings; errors are thrown. */
  readonly diagnostics: readonly LocatedDiagnostic[]
  /** The policy with its generated union and without tests: what the bundle was built from. */
  readonly policy: PolicySources
  /** In the order of the guardrails; the manifest carries them too, for target `wasm`. */
  readonly residuals: readonly GuardrailResidual[]
}

/** Guardrails as they are written, checked as far as they go. */
export interface CheckedGuardrails {
  readonly guardrails: readonly GuardrailMetadata[]
  /** Errors and warnings of METADATA and of OPA's strict check, in the order they were found. */
  readonly diagnostics: readonly LocatedDiagnostic[]
  /** The policy with its generated union, tests included. */
  readonly policy: PolicySources
  /** Roots of a bundle of it: those of its `.manifest`, else what its packages and data need. */
  readonly roots: readonly string[]
}

/**
 * Reads METADATA, adds Parapet's library where the policy uses it and the union of all guardrails,
 * and checks the whole with OPA's type checker. Never throws for what stands in the Rego.
 */
export async function checkGuardrails(
  toolchain: Toolchain,
  policy: PolicySources,
): Promise<CheckedGuardrails> {
  const complete = await withStandardLibrary(policy)
  const described = await describe(toolchain, complete)
  if (described.diagnostics) {
    return { guardrails: [], diagnostics: described.diagnostics, policy: complete, roots: [] }
  }
  const { modules } = described
  const { guardrails, diagnostics } = readGuardrails(modules)
  const isTaken = diagnostics.some((diagnostic) => diagnostic.code === 'GUARDRAIL_UNION_TAKEN')
  const united = isTaken ? complete : withUnion(complete, guardrails)
  const checked = await toolchain.check(united)
  const roots = rootsOf(united, modules)
  return { guardrails, diagnostics: [...diagnostics, ...checked], policy: united, roots }
}

/** The modules by their METADATA, or every syntax error. */
async function describe(
  toolchain: Toolchain,
  policy: PolicySources,
): Promise<
  | { modules: readonly DescribedModule[]; diagnostics?: never }
  | { diagnostics: readonly LocatedDiagnostic[] }
> {
  try {
    return { modules: await toolchain.annotations(policy) }
  } catch (error) {
    if (error instanceof ParapetError && error.diagnostics.length > 0) {
      return { diagnostics: error.diagnostics }
    }
    throw error
  }
}

/**
 * Compiles a folder of guardrails: METADATA, union, check and bundle, with the entrypoints
 * `guardrails/violations`, `guardrails/portable`, `guardrails/excepted` and one for each guardrail. Throws a ParapetError
 * that carries every error found.
 */
export async function compileGuardrails(
  toolchain: Toolchain,
  policy: PolicySources,
  options: CompileOptions = {},
): Promise<CompiledGuardrails> {
  const checked = await checkGuardrails(toolchain, policy)
  const { guardrails, diagnostics } = checked
  ParapetError.throwFirst(diagnostics)
  if (guardrails.length === 0) throw noGuardrails()
  const tested = checked.policy
  const shipped = {
    ...tested,
    modules: tested.modules.filter((module) => !isTestModule({ path: bundlePath(module) })),
  }
  const residuals = [...(await residualsOf(toolchain, shipped, guardrails)).values()]
  const built = await toolchain.build(shipped, {
    ...options,
    roots: options.roots ?? checked.roots,
    entrypoints: [
      UNION_ENTRYPOINT,
      PORTABLE_ENTRYPOINT,
      EXCEPTED_ENTRYPOINT,
      ...guardrails.map((guardrail) => guardrail.entrypoint),
      ...(options.entrypoints ?? []),
    ],
    metadata: {
      ...options.metadata,
      guardrails: shippedMetadata(guardrails, shipped),
      ...(options.target === 'rego' ? {} : { residuals: encodeResiduals(residuals) }),
    },
  })
  return { ...built, guardrails, diagnostics, policy: shipped, residuals }
}

function withUnion(policy: PolicySources, guardrails: readonly GuardrailMetadata[]): PolicySources {
  const union = { file: UNION_PATH, path: UNION_PATH, text: unionModule(guardrails) }
  return { ...policy, modules: [...policy.modules, union] }
}

/** What a bundle says of its guardrails: files by their names in it, wherever the sources stood. */
function shippedMetadata(
  guardrails: readonly GuardrailMetadata[],
  policy: PolicySources,
): GuardrailMetadata[] {
  const paths = new Map(policy.modules.map((module) => [module.file, bundlePath(module)]))
  return guardrails.map((guardrail) => ({
    ...guardrail,
    file: paths.get(guardrail.file) ?? guardrail.file,
  }))
}

/** A bundle that claims all of `data` cannot stand beside another one, so it names what it holds. */
function rootsOf(policy: PolicySources, described: readonly DescribedModule[]): readonly string[] {
  const given = policy.manifest?.['roots']
  if (Array.isArray(given)) return given as string[]
  const shipped = described.filter((module) => !isTestModule(module))
  const names = ['guardrails', ...shipped.map((module) => module.package[0] ?? '')]
  const mounted = (policy.documents ?? []).map((document) => bundlePath(document).split('/'))
  // A document at the root may hold any name, and which ones is OPA's to read.
  if (mounted.some((parts) => parts.length === 1)) return ['']
  const data = Object.keys((policy.data ?? {}) as object)
  const roots = new Set([...names, ...mounted.map((parts) => parts[0]!), ...data])
  // What the union reads must be its own to have: no recipe could lay exceptions over it else.
  if (!roots.has('org')) roots.add('org/exceptions')
  return [...roots].sort()
}

function noGuardrails(): ParapetError {
  return new ParapetError('GUARDRAILS_NONE', 'the policy holds no guardrail', {
    help: 'a guardrail is a package guardrails.<category>.<name>; for other Rego name the decision to take with --decision',
  })
}
