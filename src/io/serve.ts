import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { TrustPolicy } from '../bundle/trust.ts'
import { createServer } from '../server/app.ts'
import type { Access } from '../server/auth.ts'
import type { AccessSpec, ServeConfig, ServedBundle } from '../server/config.ts'
import { Fleet } from '../server/fleet.ts'
import { createMetrics } from '../server/metrics.ts'
import { listen, type Listening } from '../server/node.ts'
import { Publication } from '../server/publication.ts'
import { ParapetError } from '../text/error.ts'
import { DecisionLog } from './decision-log.ts'
import { FileWatch } from './file-watch.ts'
import { type KeyPlaces, loadKey } from './keys.ts'
import { servedBundle, servedDiscovery } from './served.ts'
import { loadTrust } from './policy/trust.ts'

export interface ServeOptions extends KeyPlaces {
  /** Folder that the paths of the configuration are relative to, below `cwd`. */
  readonly folder: string
  /** For bundles whose configuration names no trust policy. */
  readonly trust?: TrustPolicy | undefined
  /** What happens, in one line each. */
  readonly log: (message: string) => void
  readonly lookMs?: number
}

/** A bundle server that runs. */
export interface BundleServer {
  readonly url: string
  readonly publications: ReadonlyMap<string, Publication>
  readonly fleet: Fleet
  /** Ends long polls, finishes what is open, and stops. */
  close(): Promise<void>
}

/**
 * Starts a bundle server: loads every bundle, listens, and reloads what changes.
 * @throws ParapetError for what is wrong with configuration, keys or tokens; a bundle that is bad or
 *   missing is logged, and served as soon as it is good
 */
export async function startServer(
  config: ServeConfig,
  options: ServeOptions,
): Promise<BundleServer> {
  const publications = new Map<string, Publication>()
  const access = new Map<string, Access>()
  const fleet = new Fleet()
  const metrics = createMetrics(publications, fleet)
  const watches: FileWatch[] = []
  const onLoad =
    (name: string) =>
    (revision: string | undefined, error: ParapetError | undefined): void => {
      metrics.reloaded(name, error === undefined)
      const kept = publications.get(name)?.current ? '; the last good revision stays' : ''
      options.log(
        error
          ? `${name}: refused: ${error.message} [${error.code}]${kept}`
          : `${name}: revision ${revision || 'none'}`,
      )
    }
  const watch = (name: string, file: string, publication: Publication, make: Make): void => {
    const shown = path.join(options.folder, file)
    publications.set(name, publication)
    const { lookMs } = options
    const place = path.resolve(options.cwd, shown)
    watches.push(new FileWatch(place, publication, { shown, make, onLoad: onLoad(name), lookMs }))
  }
  for (const [name, bundle] of config.bundles) {
    if (bundle.access) access.set(name, await loadAccess(bundle.access, options))
    const make = servedBundle(
      path.join(options.folder, bundle.file),
      await trustOf(bundle, options),
    )
    watch(name, bundle.file, new Publication({ deltas: bundle.deltas }), make)
  }
  if (config.discovery) {
    const { name, file } = config.discovery
    watch(name, file, new Publication(), await discoveryOf(config.discovery, options))
  }
  const decisions = await openDecisions(config, options)
  const handler = createServer({
    publications,
    fleet,
    metrics,
    access,
    ...(config.reporters ? { reporters: await loadAccess(config.reporters, options) } : {}),
    ...(config.admins ? { admins: await loadAccess(config.admins, options) } : {}),
    ...(decisions
      ? {
          decisions: { redact: config.decisions!.redact, write: (lines) => decisions.write(lines) },
        }
      : {}),
    now: () => new Date(),
  })
  for (const watch of watches) await watch.start()
  const listening = await listen(handler, {
    ...address(config.listen),
    ...(await loadTls(config, options)),
  })
  return {
    url: listening.url,
    publications,
    fleet,
    close: () => stop(listening, watches, publications, decisions),
  }
}

async function stop(
  listening: Listening,
  watches: readonly FileWatch[],
  publications: ReadonlyMap<string, Publication>,
  decisions: DecisionLog | undefined,
): Promise<void> {
  const closed = listening.close()
  for (const publication of publications.values()) publication.release()
  await Promise.all(watches.map((watch) => watch.stop()))
  await closed
  await decisions?.close()
}

type Make = ReturnType<typeof servedBundle>

async function trustOf(
  { trust }: ServedBundle,
  options: ServeOptions,
): Promise<TrustPolicy | undefined> {
  if (trust === undefined) return options.trust
  return loadTrust({ file: path.join(options.folder, trust) }, options)
}

async function discoveryOf(
  { file, signingKey, keyId }: NonNullable<ServeConfig['discovery']>,
  options: ServeOptions,
): Promise<Make> {
  const source = signingKey?.startsWith('env:')
    ? signingKey
    : signingKey && path.join(options.folder, signingKey)
  const key = source ? await loadKey(source, { use: 'sign' }, options) : undefined
  return servedDiscovery(path.join(options.folder, file), key && { key, keyId })
}

async function loadAccess(
  { tokenEnv, tokenFile, clients }: AccessSpec,
  options: ServeOptions,
): Promise<Access> {
  const tokens = tokenEnv.map((name) => {
    const token = options.env[name]?.trim()
    if (token) return token
    throw new ParapetError('TOKEN_MISSING', `the variable \`${name}\` holds no token`)
  })
  for (const file of tokenFile) tokens.push(...(await tokensIn(file, options)))
  return { tokens, clients }
}

/** One token a line; blank lines and comments are passed over. */
async function tokensIn(file: string, options: ServeOptions): Promise<string[]> {
  const text = (await readBeside(file, options)).toString()
  const tokens = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (tokens.length > 0) return tokens
  throw new ParapetError('TOKEN_MISSING', `\`${file}\` holds no token`, { file })
}

async function loadTls({ tls }: ServeConfig, options: ServeOptions): Promise<object> {
  if (!tls) return {}
  const [cert, key] = [await readBeside(tls.cert, options), await readBeside(tls.key, options)]
  const clientCa =
    tls.clientCa === undefined ? {} : { clientCa: await readBeside(tls.clientCa, options) }
  return { tls: { cert, key, ...clientCa } }
}

async function readBeside(file: string, { cwd, folder }: ServeOptions): Promise<Buffer> {
  const shown = path.join(folder, file)
  return readFile(path.resolve(cwd, shown)).catch((cause: NodeJS.ErrnoException) => {
    throw new ParapetError('FILE_UNREADABLE', `\`${shown}\` cannot be read (${cause.code})`, {
      file: shown,
      cause,
    })
  })
}

async function openDecisions(
  { decisions }: ServeConfig,
  { cwd, folder }: ServeOptions,
): Promise<DecisionLog | undefined> {
  if (!decisions) return undefined
  const log = new DecisionLog(path.resolve(cwd, folder, decisions.file), decisions)
  await log.open()
  return log
}

/** `host:port`, `[::1]:8181` or `:8181`. */
function address(text: string): { host: string; port: number } {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(found?.[3])
  if (found && port < 65_536) return { host: found[1] ?? (found[2] || '0.0.0.0'), port }
  throw new ParapetError('USAGE', `\`${text}\` is no address to listen on`, {
    help: 'for example `127.0.0.1:8181`',
  })
}
