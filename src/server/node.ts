import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { Server as TlsServer, TLSSocket } from 'node:tls'
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

/** Time between two looks for connections that have become silent while a server ends. */
const SWEEP_MS = 50

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
  const open = new OpenSockets(server)
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
    close: () => close(server, open),
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

/**
 * Which connections have a request that is not answered yet. Node tells idle connections only from
 * those that have had one, and stops timing out the silent ones when a server closes.
 */
class OpenSockets {
  readonly #requests = new Map<Socket, number>()

  constructor(server: Server) {
    const add = (socket: Socket): void => {
      this.#requests.set(socket, 0)
      socket.once('close', () => this.#requests.delete(socket))
    }
    server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', add)
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#count(socket, 1)
      response.once('close', () => this.#count(socket, -1))
    })
  }

  /** Closes the connections on which nothing is to be answered. */
  closeSilent(): void {
    for (const [socket, requests] of this.#requests) if (requests === 0) socket.destroy()
  }

  #count(socket: Socket, change: number): void {
    const requests = this.#requests.get(socket)
    if (requests !== undefined) this.#requests.set(socket, requests + change)
  }
}

async function close(server: Server, open: OpenSockets): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  open.closeSilent()
  const sweep = setInterval(() => open.closeSilent(), SWEEP_MS)
  const cut = setTimeout(() => server.closeAllConnections(), SERVE_GRACE_MS_MAX)
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
