/**
 * Reads guardrails out of package METADATA, where their identity is written once. What stands there
 * is said by OPA's parser; what of it a guardrail needs, and whether it is sound, is decided here.
 */
import { inGroups } from '../text/groups.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import type { Priority } from '../text/priority.ts'
import type { FalcoWish } from './metadata-falco.ts'
import { readIdentity } from './metadata-fields.ts'
import { packageDiagnostics } from './metadata-package.ts'

/** A Rego module as its METADATA describes it. */
export interface DescribedModule {
  /** Path inside the policy's folder, with `/`. */
  readonly path: string
  /** The name shown to a reader. */
  readonly file: string
  /** The package's names, without `data`. */
  readonly package: readonly string[]
  /** Where the package is declared. */
  readonly line: number
  readonly rules: readonly { readonly name: string; readonly line: number }[]
  readonly annotations: readonly DescribedAnnotation[]
}

/** One METADATA block, in OPA's JSON form. */
export interface DescribedAnnotation {
  readonly scope: string
  readonly line: number
  readonly value: Readonly<Record<string, unknown>>
}

/** A link from METADATA `related_resources`. */
export interface Reference {
  readonly ref: string
  readonly description?: string
}

/** Everything that a scan, a report or a generator needs to know about a guardrail. */
export interface GuardrailMetadata {
  readonly id: string
  /** `guardrails.workloads.pod_exec` */
  readonly package: string
  /** `guardrails/workloads/pod_exec/violation` */
  readonly entrypoint: string
  readonly title: string
  readonly description: string
  readonly priority: Priority
  readonly tags: readonly string[]
  /** Controls of compliance frameworks, by framework: `{soc2: ["CC6.1"]}`. */
  readonly controls: Readonly<Record<string, readonly string[]>>
  /** Whether the stock WASM SDK decides the same; `custom.portable: false` says that it does not. */
  readonly portable: boolean
  readonly references: readonly Reference[]
  /** How it becomes a Falco rule. */
  readonly falco: FalcoWish
  /** METADATA `custom` as written. */
  readonly custom: Readonly<Record<string, unknown>>
  readonly file: string
  /** One-based line of the METADATA block. */
  readonly line: number
}

/** The guardrails that are sound, in order of their packages, and what is wrong with the rest. */
export interface GuardrailsRead {
  readonly guardrails: readonly GuardrailMetadata[]
  readonly diagnostics: readonly LocatedDiagnostic[]
}

/** Whether a module holds Rego tests rather than policy, by the names that `opa test` uses. */
export function isTestModule(module: { readonly path: string }): boolean {
  return module.path.endsWith('_test.rego')
}

/** Reads the guardrails of a policy's modules; packages outside `guardrails` are libraries. */
export function readGuardrails(modules: readonly DescribedModule[]): GuardrailsRead {
  const guardrails: GuardrailMetadata[] = []
  const diagnostics: LocatedDiagnostic[] = []
  for (const group of byPackage(modules)) {
    const refused = packageDiagnostics(group)
    diagnostics.push(...refused)
    if (refused.some((diagnostic) => diagnostic.severity === 'error')) continue
    const { guardrail, diagnostics: found } = readIdentity(group)
    diagnostics.push(...found)
    if (guardrail) guardrails.push(guardrail)
  }
  return { guardrails, diagnostics: [...diagnostics, ...duplicates(guardrails)] }
}

/** The modules of every package below `guardrails`, tests left out, in order of package names. */
function byPackage(modules: readonly DescribedModule[]): (readonly DescribedModule[])[] {
  const own = modules.filter(
    (module) => module.package[0] === 'guardrails' && !isTestModule(module),
  )
  const groups = inGroups(own, (module) => module.package.join('.'))
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

function duplicates(guardrails: readonly GuardrailMetadata[]): LocatedDiagnostic[] {
  const first = new Map<string, GuardrailMetadata>()
  const diagnostics: LocatedDiagnostic[] = []
  for (const guardrail of guardrails) {
    const other = first.get(guardrail.id)
    if (!other) {
      first.set(guardrail.id, guardrail)
      continue
    }
    diagnostics.push({
      code: 'GUARDRAIL_ID_DUPLICATE',
      severity: 'error',
      message: `id \`${guardrail.id}\` is already taken by package \`${other.package}\``,
      file: guardrail.file,
      line: guardrail.line,
      help: `${other.file}:${other.line} has it too; every guardrail needs an id of its own`,
    })
  }
  return diagnostics
}
