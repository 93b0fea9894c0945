/**
 * What the API of Kubernetes says of requests that a guardrail is about, where its condition does not:
 * it tells which of several sentences is the usual one.
 */
import { isClusterScoped } from '../../audit/resource-words.ts'
import { valuesAt } from '../../residual/known.ts'
import type { Knowledge } from '../../residual/possible.ts'
import { eventPath, type Json, type Path, type Residual } from '../../residual/residual.ts'

/** Resources whose objects stand in no namespace; requests for a namespace name it as their own. */
const hasNoNamespace = (resource: Json): boolean =>
  typeof resource === 'string' && isClusterScoped(resource) && resource !== 'namespaces'

/** Verbs of requests about many objects, which name none. */
const isAboutMany = (verb: Json): boolean =>
  ['list', 'watch', 'deletecollection'].includes(verb as string)

/** Not authenticated, so that nobody has a name. */
const isUnauthorized = (code: Json): boolean => code === 401

/** Paths with nothing there, as far as the resources, verbs and codes of a residual tell. */
function missingPaths(residual: Residual): readonly Path[] {
  const all = (path: Path, is: (value: Json) => boolean): boolean =>
    valuesAt(residual, path)?.every(is) ?? false
  return [
    ...(all(eventPath('objectRef', 'resource'), hasNoNamespace)
      ? [eventPath('objectRef', 'namespace')]
      : []),
    ...(all(eventPath('verb'), isAboutMany)
      ? [eventPath('objectRef', 'name'), eventPath('requestObject', 'metadata')]
      : []),
    ...(all(eventPath('responseStatus', 'code'), isUnauthorized)
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
