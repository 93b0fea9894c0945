import type { TrustPolicy } from '../../bundle/trust.ts'
import type { Recordings } from './compare-recordings.ts'

/** What is to be tested, and how. */
export interface TestRequest {
  /** Folders, .rego files or bundles. */
  readonly sources: readonly string[]
  /** Only Rego tests and cases whose name matches (RE2). */
  readonly run?: string | undefined
  /** Say how much of the Rego tests reach, and which conditions of guardrails cases decide. */
  readonly coverage: boolean
  /** Falco rules files, or folders of them; the folder `falco-rules` beside a policy by default. */
  readonly falco?: readonly string[] | undefined
  /** Files of data whose exceptions are looked at, besides those of the policies' own data. */
  readonly data?: readonly string[] | undefined
  readonly recordings?: Recordings | undefined
  /** Also mutate guardrails; called after each of them. */
  readonly onMutated?: ((done: number, total: number) => void) | undefined
  readonly cwd: string
  readonly trust?: TrustPolicy | undefined
}
