import { ParapetError } from '../../text/error.ts'

/** Where an artifact is in a registry. */
export interface OciReference {
  /** Host, with a port where it has one. */
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  /** `sha256:…`; pins the artifact whatever its tag says. */
  readonly digest?: string
}

const SCHEME = 'oci://'
const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/
const REPOSITORY =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
export const DIGEST: RegExp = /^sha256:[0-9a-f]{64}$/

/**
 * Reads `oci://host/repository[:tag][@sha256:…]`, by the grammar of the distribution specification.
 * @throws {ParapetError} `OCI_REFERENCE`
 */
export function parseReference(text: string): OciReference {
  const plain = text.startsWith(SCHEME) ? text.slice(SCHEME.length) : text
  const [named, digest, ...more] = plain.split('@')
  const slash = named!.indexOf('/')
  const registry = named!.slice(0, Math.max(slash, 0))
  const [repository, tag, ...extra] = named!.slice(slash + 1).split(':')
  const fault =
    more.length > 0 || extra.length > 0
      ? 'has one part too many'
      : slash < 1 || !HOST.test(registry)
        ? 'names no registry'
        : !REPOSITORY.test(repository!)
          ? 'has a repository that no registry takes'
          : tag !== undefined && !TAG.test(tag)
            ? 'has a tag that no registry takes'
            : digest !== undefined && !DIGEST.test(digest)
              ? 'has a digest that is no sha256'
              : undefined
  if (fault)
    throw new ParapetError('OCI_REFERENCE', `\`${text}\` ${fault}`, {
      help: 'write it as `oci://registry.example.com/team/policy:tag` or with `@sha256:…`',
    })
  return {
    registry,
    repository: repository!,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

export function isOciReference(text: string): boolean {
  return text.startsWith(SCHEME)
}

/** The reference as text, without `oci://`. */
export function printReference({ registry, repository, tag, digest }: OciReference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}
