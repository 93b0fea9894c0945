import { Hono } from 'hono'
import { type Access, type CertificateNames, refuse } from './auth.ts'
import { BodyRefusal, readJsonBody } from './body.ts'
import { bundleResponse } from './bundle-response.ts'
import { decisionLines } from './decisions.ts'
import type { Fleet } from './fleet.ts'
import type { Metrics } from './metrics.ts'
import type { Publication } from './publication.ts'

/** What a server serves and whom it lets. */
export interface ServerParts {
  readonly publications: ReadonlyMap<string, Publication>
  readonly fleet: Fleet
  readonly metrics: Metrics
  /** Per bundle; a bundle that is not named is open to everybody. */
  readonly access: ReadonlyMap<string, Access>
  /** For status and decision logs. */
  readonly reporters?: Access
  /** For `/clients` and `/metrics`. */
  readonly admins?: Access
  /** Takes decision logs line by line; undefined refuses them. */
  readonly decisions?: { readonly redact: boolean; write(lines: readonly string[]): Promise<void> }
  readonly now: () => Date
}

interface Bindings {
  /** Names in the verified client certificate. */
  readonly certificate: CertificateNames
}

/** A handler of requests that touches no socket. */
export type ServerHandler = (request: Request, certificate?: CertificateNames) => Promise<Response>

/** The bundle server: OPA's bundle, status and decision log APIs, health and metrics. */
export function createServer(parts: ServerParts): ServerHandler {
  const app = new Hono<{ Bindings: Bindings }>()
  app.use(async (context, next) => {
    const start = performance.now()
    await next()
    const route = context.req.path.split('/')[1] ?? ''
    const name = ROUTES.has(route) ? route : 'other'
    parts.metrics.answered(name, context.res.status, (performance.now() - start) / 1000)
  })
  app.get('/health', () => health(parts.publications))
  app.get('/metrics', (context) => guarded(context, parts.admins, () => metrics(parts)))
  app.get('/clients', (context) => guarded(context, parts.admins, () => clients(parts)))
  // Hono answers HEAD with this too: the request says HEAD, so no body is made.
  app.get('/bundles/:name{.+}', (context) => {
    const name = context.req.param('name')
    const publication = parts.publications.get(name)
    const access = parts.access.get(name)
    const refused = refuse(context.req.raw, access, context.env.certificate)
    if (refused) return refused
    return publication
      ? bundleResponse(context.req.raw, publication, (kind) => parts.metrics.sent(name, kind))
      : text(404, 'there is no such bundle')
  })
  app.post('/status/:partition?', (context) =>
    guarded(context, parts.reporters, () => takeStatus(context.req.raw, parts)),
  )
  app.post('/logs/:partition?', (context) =>
    guarded(context, parts.reporters, () => takeDecisions(context.req.raw, parts)),
  )
  app.notFound(() => text(404, 'there is nothing here'))
  app.onError((error) =>
    error instanceof BodyRefusal ? text(error.status, error.message) : text(500, 'unexpected'),
  )
  return async (request, certificate = []) => app.fetch(request, { certificate })
}

const ROUTES: ReadonlySet<string> = new Set([
  'bundles',
  'status',
  'logs',
  'health',
  'metrics',
  'clients',
])

interface Guarded {
  readonly req: { readonly raw: Request }
  readonly env: Bindings
}

async function guarded(
  context: Guarded,
  access: Access | undefined,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  return refuse(context.req.raw, access, context.env.certificate) ?? answer()
}

/** Ready when every bundle has a revision to serve. */
function health(publications: ServerParts['publications']): Response {
  const bundles = [...publications].map(([name, { current }]) => [
    name,
    current ? 'ready' : 'missing',
  ])
  const isReady = bundles.every(([, state]) => state === 'ready')
  return Response.json(
    { status: isReady ? 'ok' : 'not ready', bundles: Object.fromEntries(bundles) as object },
    { status: isReady ? 200 : 503 },
  )
}

async function metrics({ metrics: source }: ServerParts): Promise<Response> {
  const { text: body, type } = await source.expose()
  return new Response(body, { headers: { 'content-type': type } })
}

function clients({ publications, fleet }: ServerParts): Response {
  const current = [...publications].map(([name, publication]) => [
    name,
    publication.current?.bundle.manifest.revision ?? null,
  ])
  return Response.json({ current: Object.fromEntries(current) as object, clients: fleet.list() })
}

async function takeStatus(request: Request, { fleet, now }: ServerParts): Promise<Response> {
  return fleet.report(await readJsonBody(request), now())
    ? new Response(null, { status: 204 })
    : text(400, 'this is no status of OPA: it has no `labels.id`')
}

async function takeDecisions(
  request: Request,
  { decisions, metrics: counters }: ServerParts,
): Promise<Response> {
  if (!decisions) return text(404, 'decision logs are not taken here')
  const lines = decisionLines(await readJsonBody(request), decisions)
  if (!lines) return text(400, 'a decision log is an array')
  await decisions.write(lines)
  counters.decisions(lines.length)
  return new Response(null, { status: 204 })
}

function text(status: number, message: string): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}
