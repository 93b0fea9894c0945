import { once } from 'node:events'
import path from 'node:path'
import type { TrustPolicy } from '../bundle/trust.ts'
import { exit, type ExitCode } from '../exit.ts'
import { type BundleServer, startServer } from '../io/serve.ts'
import { readSource } from '../io/source.ts'
import {
  type AccessSpec,
  isBundleName,
  readServeConfig,
  type ServeConfig,
  type ServedBundle,
} from '../server/config.ts'
import { opaConfig } from '../server/opa-config.ts'
import { locate } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import { opaKey } from './opa-key.ts'
import type { ServeFlags } from './serve.ts'
import { trustOf } from './trust-options.ts'

/** Long polls that `--once-ready` asks for, in seconds. */
const LONG_POLL_SECONDS = 60
const DECISION_BYTES_MAX = 256 * 1024 * 1024
const DECISION_FILES = 4

/** Carries out `parapet serve`: until the user interrupts. */
export async function runServe(bundles: string[], flags: ServeFlags, io: Io): Promise<ExitCode> {
  try {
    const trust = await trustOf(flags, io)
    const config =
      flags.config === undefined
        ? configOf(bundles, flags)
        : await readConfig(bundles, flags, io.cwd)
    const folder = flags.config === undefined ? '' : path.dirname(flags.config)
    const log = (message: string): void => void io.stderr.write(`${message}\n`)
    const server = await startServer(config, { cwd: io.cwd, env: io.env, folder, trust, log })
    log(`listening on ${server.url}`)
    if (flags.onceReady) await write(io.stdout, configurationFor(server, config, flags, trust))
    if (!io.signal.aborted) await once(io.signal, 'abort')
    log('stopping')
    await server.close()
    return exit.interrupted
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

/** The configuration that flags alone describe. */
function configOf(bundles: readonly string[], flags: ServeFlags): ServeConfig {
  const {
    tokenEnv,
    tokenFile,
    tlsCert,
    tlsKey,
    clientCa,
    decisionLog,
    redact,
    deltas = false,
  } = flags
  if (bundles.length === 0)
    throw new ParapetError('USAGE', 'there is no bundle to serve', {
      help: 'name an archive, or give --config',
    })
  if (
    (tlsCert === undefined) !== (tlsKey === undefined) ||
    (clientCa !== undefined && tlsCert === undefined)
  )
    throw new ParapetError('USAGE', 'TLS needs both --tls-cert and --tls-key')
  const clients: string[] = []
  const access: AccessSpec | undefined =
    tokenEnv.length + tokenFile.length > 0 ? { tokenEnv, tokenFile, clients } : undefined
  const served = bundles.map((given): [string, ServedBundle] => {
    const [name, file] = named(given)
    return [name, { file, deltas, ...(access ? { access } : {}) }]
  })
  return {
    listen: flags.listen ?? '127.0.0.1:8181',
    bundles: new Map(served),
    ...(access ? { reporters: access, admins: access } : {}),
    ...(decisionLog === undefined
      ? {}
      : {
          decisions: {
            file: decisionLog,
            redact,
            bytesMax: DECISION_BYTES_MAX,
            keep: DECISION_FILES,
          },
        }),
    ...(tlsCert === undefined
      ? {}
      : { tls: { cert: tlsCert, key: tlsKey!, ...(clientCa === undefined ? {} : { clientCa }) } }),
  }
}

/** `name=file`, or a file whose name without ending is the bundle's. */
function named(given: string): [string, string] {
  const found = /^([A-Za-z0-9][A-Za-z0-9._/-]*)=(.+)$/s.exec(given)
  const [name, file] = found
    ? [found[1]!, found[2]!]
    : [path.basename(given).replace(/\.(?:tar\.gz|tgz)$/, ''), given]
  if (isBundleName(name)) return [name, file]
  throw new ParapetError('USAGE', `\`${name}\` cannot name a bundle`, {
    help: 'name it yourself: `prod=file.tar.gz`',
  })
}

async function readConfig(
  bundles: readonly string[],
  flags: ServeFlags,
  cwd: string,
): Promise<ServeConfig> {
  if (bundles.length > 0) throw new ParapetError('USAGE', 'give bundles or --config, not both')
  const document = await readSource(path.resolve(cwd, flags.config!), flags.config!)
  const { config, diagnostics } = readServeConfig(document)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
  return { ...config!, ...(flags.listen === undefined ? {} : { listen: flags.listen }) }
}

/** What an OPA server must be told to be served by this one. */
function configurationFor(
  server: BundleServer,
  config: ServeConfig,
  flags: ServeFlags,
  trust: TrustPolicy | undefined,
): string {
  const { keyId, scope } = trust ?? {}
  return opaConfig({
    serviceUrl: server.url,
    bundles: [...config.bundles.keys()].map((name) => ({ name, resource: `bundles/${name}` })),
    keys: (trust?.keys ?? []).map(opaKey),
    signing: {
      ...(keyId === undefined ? {} : { keyId }),
      ...(scope === undefined ? {} : { scope }),
    },
    longPollSeconds: LONG_POLL_SECONDS,
    reports: true,
    ...(flags.tokenEnv[0] === undefined ? {} : { tokenEnv: flags.tokenEnv[0] }),
  })
}
