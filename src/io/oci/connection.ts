import type { OciReference } from '../../bundle/oci/reference.ts'
import { objectOf, textOf } from '../../text/json.ts'
import { ParapetError } from '../../text/error.ts'
import { OCI_MANIFEST_BYTES_MAX, OCI_REQUEST_MS_MAX } from '../../text/limits.ts'
import { type Credentials, credentialsFor } from './docker-config.ts'

export interface RegistryOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Talk HTTP without TLS; never done unasked. */
  readonly plainHttp?: boolean
  readonly signal?: AbortSignal
}

interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** The request changes something, for which a token must be good. */
  readonly write?: boolean
}

/** Requests to one repository: authorization as the registry asks for it, bounds, readable errors. */
export class Connection {
  readonly #base: URL
  readonly #repository: string
  readonly #registry: string
  readonly #options: RegistryOptions
  #credentials: Promise<Credentials | undefined> | undefined
  readonly #authorization = new Map<string, string>()

  constructor({ registry, repository }: OciReference, options: RegistryOptions) {
    const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry
    this.#base = new URL(`${options.plainHttp ? 'http' : 'https'}://${host}/v2/${repository}`)
    this.#registry = registry
    this.#repository = repository
    this.#options = options
  }

  /** A request below the repository, or to a place that the registry named. */
  async request(method: string, target: string | URL, parts: RequestParts = {}): Promise<Response> {
    const url = typeof target === 'string' ? new URL(`${this.#base}${target}`) : target
    // A token is for this registry; an upload that goes elsewhere brings its own permission.
    const isHome = url.host === this.#base.host
    const scope = parts.write ? 'pull,push' : 'pull'
    const first = await this.#send(
      method,
      url,
      parts,
      isHome ? this.#authorization.get(scope) : undefined,
    )
    if (first.status !== 401 || !isHome) return first
    await first.body?.cancel()
    const authorization = await this.#authorize(first.headers.get('www-authenticate') ?? '', scope)
    if (authorization === undefined) return first
    this.#authorization.set(scope, authorization)
    return this.#send(method, url, parts, authorization)
  }

  uploadUrl(location: string): URL {
    return new URL(location, this.#base)
  }

  /** @throws {ParapetError} `OCI_DENIED`, `OCI_FAILED` with what the registry says */
  async expect(response: Response, statuses: readonly number[], what: string): Promise<void> {
    if (statuses.includes(response.status)) return
    const told = await this.body(response, OCI_MANIFEST_BYTES_MAX).then(messageOf, () => '')
    const isDenied = response.status === 401 || response.status === 403
    throw new ParapetError(
      isDenied ? 'OCI_DENIED' : 'OCI_FAILED',
      `${this.#registry} does not let us ${what}: ${told || `status ${response.status}`}`,
      {
        help: isDenied
          ? 'log in with `docker login`, or check what the account may do'
          : 'check the reference',
      },
    )
  }

  /** A body of at most that many bytes. */
  async body(response: Response, bytesMax: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    let size = 0
    try {
      for await (const chunk of response.body ?? []) {
        size += chunk.length
        if (size > bytesMax)
          throw new ParapetError('OCI_TOO_LARGE', `the registry sends more than ${bytesMax} bytes`)
        chunks.push(chunk)
      }
    } catch (cause) {
      if (cause instanceof ParapetError) throw cause
      throw this.#unreachable(cause)
    }
    return Buffer.concat(chunks)
  }

  async #send(
    method: string,
    url: URL,
    parts: RequestParts,
    authorization: string | undefined,
  ): Promise<Response> {
    const timeout = AbortSignal.timeout(OCI_REQUEST_MS_MAX)
    const signal = this.#options.signal ? AbortSignal.any([timeout, this.#options.signal]) : timeout
    const headers = { ...parts.headers, ...(authorization === undefined ? {} : { authorization }) }
    const body = parts.body === undefined ? {} : { body: parts.body as Uint8Array<ArrayBuffer> }
    try {
      return await fetch(url, { method, headers, signal, ...body })
    } catch (cause) {
      throw this.#unreachable(cause)
    }
  }

  #unreachable(cause: unknown): ParapetError {
    const reason =
      cause instanceof Error
        ? String((cause.cause as Error | undefined)?.message ?? cause.message)
        : String(cause)
    return new ParapetError('OCI_UNREACHABLE', `${this.#registry} cannot be reached: ${reason}`, {
      help: this.#options.plainHttp
        ? 'check the address'
        : 'check the address; a registry without TLS needs --plain-http',
      cause,
    })
  }

  /** Answers a challenge of RFC 6750 or 7617; undefined where nothing can be answered. */
  async #authorize(challenge: string, scope: string): Promise<string | undefined> {
    this.#credentials ??= credentialsFor(this.#registry, this.#options.env)
    const credentials = await this.#credentials
    if (/^basic\b/i.test(challenge)) return credentials && basic(credentials)
    if (!/^bearer\b/i.test(challenge)) return undefined
    const fields = new Map(
      [...challenge.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, key, value]) => [
        key!.toLowerCase(),
        value!,
      ]),
    )
    const realm = fields.get('realm')
    if (!realm || !URL.canParse(realm)) return undefined
    const token = await this.#token(
      new URL(realm),
      fields.get('service'),
      `repository:${this.#repository}:${scope}`,
      credentials,
    )
    return token && `Bearer ${token}`
  }

  async #token(
    realm: URL,
    service: string | undefined,
    scope: string,
    credentials: Credentials | undefined,
  ): Promise<string | undefined> {
    if (realm.protocol !== 'https:' && !this.#options.plainHttp)
      throw new ParapetError(
        'OCI_DENIED',
        `${this.#registry} wants its password sent to ${realm.host} without TLS`,
      )
    if (credentials?.identityToken)
      return this.#refreshed(realm, service, scope, credentials.identityToken)
    if (service) realm.searchParams.set('service', service)
    realm.searchParams.set('scope', scope)
    const response = await this.#send('GET', realm, {}, credentials && basic(credentials))
    return this.#tokenIn(response)
  }

  async #refreshed(
    realm: URL,
    service: string | undefined,
    scope: string,
    token: string,
  ): Promise<string | undefined> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: 'parapet',
      scope,
      ...(service ? { service } : {}),
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#tokenIn(
      await this.#send('POST', realm, { headers, body: Buffer.from(form.toString()) }, undefined),
    )
  }

  async #tokenIn(response: Response): Promise<string | undefined> {
    await this.expect(response, [200], 'log in')
    const answer = objectOf(
      JSON.parse(Buffer.from(await this.body(response, OCI_MANIFEST_BYTES_MAX)).toString()),
    )
    return textOf(answer['token']) ?? textOf(answer['access_token']) ?? undefined
  }
}

function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** The first error of a registry's answer. */
function messageOf(body: Uint8Array): string {
  try {
    const { errors } = objectOf(JSON.parse(Buffer.from(body).toString()))
    const first = objectOf(Array.isArray(errors) ? errors[0] : undefined)
    return [textOf(first['code']), textOf(first['message'])]
      .filter((part) => part)
      .join(', ')
      .replaceAll(/\s+/g, ' ')
  } catch {
    return ''
  }
}
