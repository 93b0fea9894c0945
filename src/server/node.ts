import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { createAdaptorServer } from '@hono/node-server'
import { ParapetError } from '../text/error.ts'
import {
  SERVE_CONNECTIONS_MAX,
  SERVE_GRACE_MS_MAX,
  SERVE_HEAD_BYTES_MAX,
  SERVE_IDLE_MS_MAX,
  SERVE_REQUEST_MS_MAX,
  SERVE_WAIT_SECONDS_MAX,
} from '../text/limits.ts'
import type { ServerHandler } from './app.ts'
import type { CertificateNames } from './auth.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly tls?: {
    readonly cert: string | Buffer
    readonly key: string | Buffer
    readonly clientCa?: string | Buffer
  }
  /** Milliseconds in which a request must have arrived; for tests. */
  readonly requestMs?: number
}

/** A server that listens. */
export interface Listening {
  readonly url: string
  /** Takes no more requests, gives open ones some time, then cuts them off. */
  close(): Promise<void>
}

/**
 * Listens with bounds on everything a client can hold on to: connections, heads, time to send a
 * request, idle time.
 * @throws {ParapetError} `LISTEN_FAILED`
 */
export async function listen(handler: ServerHandler, options: ListenOptions): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, env) => handler(request, certificateNames(env.incoming as IncomingMessage)),
    overrideGlobalObjects: false,
    ...transport(options),
  } as Parameters<typeof createAdaptorServer>[0]) as Server
  server.maxConnections = SERVE_CONNECTIONS_MAX
  server.keepAliveTimeout = SERVE_IDLE_MS_MAX
  // A poll is silent as long as it waits; what is silent longer hangs.
  server.timeout = (SERVE_WAIT_SECONDS_MAX + 60) * 1000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenFailed(options, cause)))
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `${options.tls ? 'https' : 'http'}://${host}:${port}`,
    close: () => close(server),
  }
}

function transport({ tls, requestMs = SERVE_REQUEST_MS_MAX }: ListenOptions): object {
  const serverOptions = {
    maxHeaderSize: SERVE_HEAD_BYTES_MAX,
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(1000, requestMs),
  }
  if (!tls) return { createServer: createHttp, serverOptions }
  const { cert, key, clientCa } = tls
  const mutual =
    clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }
  const secure = { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: requestMs, ...mutual }
  return { createServer: createHttps, serverOptions: { ...serverOptions, ...secure } }
}

/** Only what TLS has verified counts. */
function certificateNames({ socket }: IncomingMessage): CertificateNames {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return []
  const { subject, subjectaltname = '' } = socket.getPeerCertificate()
  const alternatives = [...subjectaltname.matchAll(/(?:DNS|URI):([^,\s"]+)/g)].map(
    ([, name]) => name!,
  )
  const common = subject?.CN as string | string[] | undefined
  return [...(common === undefined ? [] : [common].flat()), ...alternatives]
}

async function close(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), SERVE_GRACE_MS_MAX)
  // Connections that become idle after their last answer would stay until their timeout.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await ended
  clearTimeout(cut)
  clearInterval(sweep)
}

function listenFailed({ host, port }: ListenOptions, cause: Error): ParapetError {
  return new ParapetError('LISTEN_FAILED', `cannot listen on ${host}:${port}: ${cause.message}`, {
    help: 'choose another address with --listen',
    cause,
  })
}
