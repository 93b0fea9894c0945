/**
 * What the API of Kubernetes says of requests that a guardrail is about, where its condition does not:
 * it tells which of several sentences is the usual one.
 */
import { valuesAt } from '../../residual/known.ts'
import type { Knowledge } from '../../residual/possible.ts'
import { eventPath, type Json, type Path, type Residual } from '../../residual/residual.ts'

/** Resources of Kubernetes' own groups whose objects stand in no namespace. */
const CLUSTER_SCOPED: ReadonlySet<Json> = new Set([
  'apiservices',
  'certificatesigningrequests',
  'clusterrolebindings',
  'clusterroles',
  'customresourcedefinitions',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'mutatingwebhookconfigurations',
  'nodes',
  'persistentvolumes',
  'priorityclasses',
  'runtimeclasses',
  'selfsubjectaccessreviews',
  'selfsubjectreviews',
  'selfsubjectrulesreviews',
  'storageclasses',
  'subjectaccessreviews',
  'tokenreviews',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
])
/** Verbs of requests about many objects, which name none. */
const ABOUT_MANY: ReadonlySet<Json> = new Set(['list', 'watch', 'deletecollection'])

/** Not authenticated, so that nobody has a name. */
const UNAUTHORIZED: ReadonlySet<Json> = new Set([401])

/** Paths with nothing there, as far as the resources, verbs and codes of a residual tell. */
function missingPaths(residual: Residual): readonly Path[] {
  const all = (path: Path, known: ReadonlySet<Json>): boolean =>
    valuesAt(residual, path)?.every((value) => known.has(value)) ?? false
  return [
    ...(all(eventPath('objectRef', 'resource'), CLUSTER_SCOPED)
      ? [eventPath('objectRef', 'namespace')]
      : []),
    ...(all(eventPath('verb'), ABOUT_MANY)
      ? [eventPath('objectRef', 'name'), eventPath('requestObject', 'metadata')]
      : []),
    ...(all(eventPath('responseStatus', 'code'), UNAUTHORIZED)
      ? [eventPath('user', 'username')]
      : []),
  ]
}

/** Knowledge, and where it ends what is usual. */
export function withUsual(known: Knowledge, residual: Residual): Knowledge {
  const missing = missingPaths(residual)
  const isMissing = ({ from, steps }: Path): boolean =>
    from === 'event' && missing.some((path) => path.steps.every((step, i) => step === steps[i]))
  return (literal) =>
    known(literal) ?? (literal.kind === 'atom' && isMissing(literal.path) ? false : undefined)
}
