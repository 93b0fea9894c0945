import { cluster } from './bases/cluster.ts'
import { identity } from './bases/identity.ts'
import { networkAndStorage } from './bases/network-storage.ts'
import { rbac } from './bases/rbac.ts'
import type { Base } from './bases/request.ts'
import { secrets } from './bases/secrets.ts'
import { workloads } from './bases/workloads.ts'

export type { Base } from './bases/request.ts'

/**
 * Common events by name, for cases to begin from. They do what people do every day and nothing
 * more: what a case is about stands in its patch.
 */
export const bases: ReadonlyMap<string, Base> = new Map(
  [workloads, secrets, rbac, cluster, networkAndStorage, identity].flatMap((group) =>
    Object.entries(group),
  ),
)
