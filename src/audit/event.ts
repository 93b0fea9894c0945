/**
 * The audit event as Kubernetes writes it (group audit.k8s.io, kind Event). The source of truth is
 * `k8s.io/apiserver/pkg/apis/audit/v1/types.go`, read at v0.37; field names are the JSON names.
 *
 * Everything is optional. Levels leave fields out, old API servers lack some, and log shippers
 * drop others; code that reads an event must not assume that a field is there. What a client can
 * choose freely is marked *client's claim*: good for a report, never for a decision by itself.
 */

/**
 * How much of a request the audit policy records. `Metadata`: no bodies. `Request`: plus
 * `requestObject`. `RequestResponse`: plus `responseObject`. (`None` writes no event.)
 */
export type Level = 'Metadata' | 'Request' | 'RequestResponse'

/**
 * When in a request's life the event was written. One request leaves up to four events with the
 * same auditID. `RequestReceived`: before anything handled it, so without an answer.
 * `ResponseStarted`: headers sent, only for long-running requests (watch, exec, logs with follow)
 * and for requests refused before a handler was found (a 401 has nothing else).
 * `ResponseComplete`: all sent. `Panic`: the API server panicked.
 */
export type Stage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic'

/** Who asks, as the authenticator saw it (`authentication.k8s.io/v1` UserInfo). */
export interface UserInfo {
  /** `system:anonymous` when nobody authenticated; absent when authentication failed (401). */
  readonly username?: string
  /** Stable id of the user, where the authenticator has one. */
  readonly uid?: string
  /** Groups, those that the API server adds (`system:authenticated`) included. */
  readonly groups?: readonly string[]
  /** What else the authenticator says, for example `authentication.kubernetes.io/pod-name`. */
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/**
 * What the request is about, as its URL says; the API server parsed it, the client chose it. Absent
 * on non-resource requests such as `/healthz`.
 */
export interface ObjectReference {
  /** Plural and lower case, as in the URL: `pods`. */
  readonly resource?: string
  /** Absent for cluster-scoped resources and for requests across all namespaces. */
  readonly namespace?: string
  /** Absent for list, watch and deletecollection, and for a create with `generateName`. */
  readonly name?: string
  /** Set where the request carried it (mostly update and delete). */
  readonly uid?: string
  /** Absent for the core group. */
  readonly apiGroup?: string
  /** The version alone, `v1`; v1alpha1 wrote group and version together. */
  readonly apiVersion?: string
  readonly resourceVersion?: string
  /** `exec`, `log`, `token`, `status`, …; absent for the resource itself. */
  readonly subresource?: string
}

/**
 * What was answered (`meta/v1` Status). Absent at stage RequestReceived. A success holds only
 * `code` (and an empty `metadata`); a failure says why.
 */
export interface ResponseStatus {
  readonly kind?: string
  readonly apiVersion?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  /** `Success` or `Failure`. */
  readonly status?: string
  /** For people; may quote what the client sent. On a 401 it lists how the client tried to authenticate. */
  readonly message?: string
  /** For machines: `Forbidden`, `NotFound`, `AlreadyExists`, … */
  readonly reason?: string
  readonly details?: {
    readonly name?: string
    readonly group?: string
    readonly kind?: string
    readonly uid?: string
    readonly causes?: readonly {
      readonly reason?: string
      readonly message?: string
      readonly field?: string
    }[]
    readonly retryAfterSeconds?: number
  }
  /** The HTTP status code. */
  readonly code?: number
}

/** How the request was authenticated; new in Kubernetes 1.35. Set by the API server. */
export interface AuthenticationMetadata {
  /** The verb of the constrained impersonation that was authorized; absent for an ordinary one. */
  readonly impersonationConstraint?: string
}

/**
 * An audit.k8s.io/v1 or v1beta1 Event. Both have the same fields, but for the two at the end. An
 * alias and no interface, so that it is a JSON object too.
 */
export type AuditEvent = {
  /** `Event`; some exporters leave it out. */
  readonly kind?: string
  /** `audit.k8s.io/v1`, `audit.k8s.io/v1beta1` (until Kubernetes 1.23), or absent. */
  readonly apiVersion?: string
  /** Chosen by the audit policy. Set by the API server. */
  readonly level?: Level
  /**
   * One per request, the same on all of its stages. Set by the API server, which takes it from the
   * request's `Audit-ID` header where there is one: a *client's claim* then, and not unique.
   */
  readonly auditID?: string
  readonly stage?: Stage
  /** Path and query as sent. *Client's claim*; may hold anything, secrets in the query included. */
  readonly requestURI?: string
  /** Kubernetes' verb for resources (`list`, `deletecollection`), the HTTP method in lower case for others. */
  readonly verb?: string
  /** The authenticated user: who really asked, also when impersonating. */
  readonly user?: UserInfo
  /** As whom they acted (`kubectl --as`). Absent without impersonation. */
  readonly impersonatedUser?: UserInfo
  /** Absent before Kubernetes 1.35, and without constrained impersonation. */
  readonly authenticationMetadata?: AuthenticationMetadata
  /**
   * From X-Forwarded-For, X-Real-Ip and the connection, in this order. All but the last are the
   * *client's claim*; the last is the peer of the connection, which may be a load balancer.
   */
  readonly sourceIPs?: readonly string[]
  /** *Client's claim.* */
  readonly userAgent?: string
  readonly objectRef?: ObjectReference
  readonly responseStatus?: ResponseStatus
  /**
   * The body as sent, before conversion, defaulting and admission; for patches only the patch.
   * From level Request on; absent on non-resource requests, without a body, and when truncated.
   */
  readonly requestObject?: unknown
  /** The body as answered, in the version asked for. Level RequestResponse; absent like requestObject. */
  readonly responseObject?: unknown
  /** When the request reached the API server: RFC 3339 with microseconds, UTC. */
  readonly requestReceivedTimestamp?: string
  /** When this stage was reached: RFC 3339 with microseconds, UTC. */
  readonly stageTimestamp?: string
  /**
   * Notes by authorizers and admission: `authorization.k8s.io/decision` and `…/reason`,
   * `pod-security.kubernetes.io/*`, `audit.k8s.io/truncated: "true"` where bodies were dropped
   * for their size. Set by the API server and by admission webhooks (prefixed with their name).
   */
  readonly annotations?: Readonly<Record<string, string>>
  /** v1beta1 only: object metadata with a `creationTimestamp`. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** v1beta1 only: when the request was received, to the second; `requestReceivedTimestamp` is exact. */
  readonly timestamp?: string
}
