import { ParapetError } from '../text/error.ts'

/** One file of a policy. */
export interface RegoSource {
  /** The name shown to a reader. */
  readonly file: string
  readonly text: string
  /** Path inside the policy's folder and so inside the bundle, with `/`; `file` when absent. */
  readonly path?: string
}

/** A policy as the compiler takes it. `src/io/policy-folder.ts` reads one from disk. */
export interface PolicySources {
  readonly modules: readonly RegoSource[]
  /** data.json and data.yaml files, each mounted at the path of its folder, as OPA does. */
  readonly documents?: readonly RegoSource[]
  /** One more document at the root, laid over the others: objects merged, the rest replaced. */
  readonly data?: unknown
  /** JSON schemas by the name that METADATA gives them below `schema`: `audit_event`. */
  readonly schemas?: Readonly<Record<string, unknown>>
  /** `.manifest` of the folder, where there is one. */
  readonly manifest?: Readonly<Record<string, unknown>>
  /** 0 for Rego as it was before OPA 1.0; default 1. */
  readonly regoVersion?: 0 | 1
}

/** A policy on its way into the module. */
export interface WirePolicy {
  readonly modules: readonly { path: string; text: string }[]
  readonly documents: readonly { path: string; text: string }[]
  readonly data: unknown
  readonly schemas: unknown
  readonly regoVersion: number
}

/** Path of a source inside its bundle: without a drive, a leading `/`, `.` and `..`. */
export function bundlePath({ path, file }: Pick<RegoSource, 'path' | 'file'>): string {
  const name = (path ?? file).replaceAll('\\', '/').replace(/^[A-Za-z]:/, '')
  const parts = name.split('/').filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.join('/')
}

/** Names every source by its path in the bundle; throws `POLICY_FILE_TWICE` when two share one. */
export function wirePolicy(policy: PolicySources): WirePolicy {
  const seen = new Map<string, string>()
  const wire = (source: RegoSource): { path: string; text: string } => {
    const path = bundlePath(source)
    const other = seen.get(path)
    if (other !== undefined) {
      const message = `\`${source.file}\` and \`${other}\` are both \`${path}\` in the bundle`
      const help = 'give the folder that holds both, or rename one'
      throw new ParapetError('POLICY_FILE_TWICE', message, { file: source.file, help })
    }
    seen.set(path, source.file)
    return { path, text: source.text }
  }
  return {
    modules: policy.modules.map(wire),
    documents: (policy.documents ?? []).map(wire),
    data: policy.data,
    schemas: policy.schemas,
    regoVersion: policy.regoVersion ?? 1,
  }
}
