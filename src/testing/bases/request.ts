import type { AuditEvent } from '../../audit/event.ts'

/** An event that cases begin from. */
export interface Base {
  /** What happens in it, as a sentence. */
  readonly description: string
  /** One event of audit.k8s.io/v1, in full. */
  readonly event: AuditEvent
}

/** A request for an object or a kind of objects. */
export interface Target {
  readonly resource: string
  readonly name?: string
  readonly namespace?: string
  readonly subresource?: string
  /** API group; the core group by default. */
  readonly group?: string
  /** What follows `?`, as the client encoded it. */
  readonly query?: string
}

/** The person who does it: no part of the cluster, from an address that the documentation owns. */
const ADMIN = { username: 'admin@example.com', groups: ['ops', 'system:authenticated'] }

const ALLOWED = { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' }

const REQUEST_VERBS: ReadonlySet<string> = new Set(['create', 'update', 'patch'])

/** A request that the API server carried out, with the members of `more` in place of the usual ones. */
export function request(
  description: string,
  verb: string,
  target: Target,
  more: AuditEvent = {},
): Base {
  const { resource, namespace, name, subresource, group } = target
  const objectRef = {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(group === undefined ? {} : { apiGroup: group }),
    apiVersion: 'v1',
    ...(subresource === undefined ? {} : { subresource }),
  }
  const created = verb === 'create' && subresource === undefined
  return event(description, {
    level: REQUEST_VERBS.has(verb) ? 'Request' : 'Metadata',
    requestURI: uri(target, created ? undefined : name),
    verb,
    objectRef,
    responseStatus: { metadata: {}, code: created ? 201 : 200 },
    ...more,
  })
}

/** An event with the members that nearly all have. */
export function event(description: string, members: AuditEvent): Base {
  const { level, requestURI, verb, user, impersonatedUser, objectRef, ...rest } = members
  return {
    description,
    event: {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: level ?? 'Metadata',
      auditID: '00000000-0000-4000-8000-000000000001',
      stage: 'ResponseComplete',
      ...(requestURI === undefined ? {} : { requestURI }),
      ...(verb === undefined ? {} : { verb }),
      user: user ?? ADMIN,
      ...(impersonatedUser === undefined ? {} : { impersonatedUser }),
      sourceIPs: ['192.0.2.7'],
      userAgent: 'kubectl/v1.34.2 (linux/amd64) kubernetes/8cc511e',
      ...(objectRef === undefined ? {} : { objectRef }),
      requestReceivedTimestamp: '2026-11-24T09:00:00.000000Z',
      stageTimestamp: '2026-11-24T09:00:00.010000Z',
      annotations: ALLOWED,
      ...rest,
    },
  }
}

/** What the API server answers to what authorization forbids. */
export function forbidden(message: string): AuditEvent {
  return {
    responseStatus: { metadata: {}, status: 'Failure', message, reason: 'Forbidden', code: 403 },
    annotations: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' },
  }
}

function uri(target: Target, name: string | undefined): string {
  const { resource, namespace, subresource, group, query } = target
  const parts = [
    group === undefined ? '/api/v1' : `/apis/${group}/v1`,
    // A namespace stands in its own reference, and once in its path.
    ...(namespace === undefined || resource === 'namespaces' ? [] : ['namespaces', namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ]
  return parts.join('/') + (query === undefined ? '' : `?${query}`)
}
