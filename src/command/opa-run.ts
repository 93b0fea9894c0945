import { opaDeployment, opaSidecar } from '../bundle/deploy/opa-manifests.ts'
import { exit, type ExitCode } from '../exit.ts'
import { opaConfig } from '../server/opa-config.ts'
import { ParapetError } from '../text/error.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import type { OpaConfigFlags } from './opa.ts'
import { opaKey } from './opa-key.ts'
import { wholeNumber } from './scan-options.ts'
import { trustOf } from './trust-options.ts'

const LONG_POLL_SECONDS = 60

/** Carries out `parapet opa config`. */
export async function runOpaConfig(flags: OpaConfigFlags, io: Io): Promise<ExitCode> {
  try {
    await write(io.stdout, await render(flags, io))
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

async function render(flags: OpaConfigFlags, io: Io): Promise<string> {
  const { as, name, namespace, image, tokenEnv } = flags
  const config = await configuration(flags, io)
  const options = { name, namespace, image, ...(tokenEnv === undefined ? {} : { tokenEnv }) }
  if (as === 'config') return config
  if (as === 'deployment') return opaDeployment(config, options)
  if (as === 'sidecar') return opaSidecar(config, options)
  throw new ParapetError('USAGE', `\`--as ${as}\` is not known`, {
    help: 'config, deployment or sidecar',
  })
}

async function configuration(flags: OpaConfigFlags, io: Io): Promise<string> {
  const { service, oci, tokenEnv, longPoll, reports } = flags
  const trust = await trustOf(flags, io)
  if (!trust && !flags.unsigned)
    throw new ParapetError('USAGE', 'there is no key to verify bundles with', {
      help: 'give --verify-key or --trust, or say --unsigned if any bundle will do',
    })
  const { keyId, scope } = trust ?? {}
  const wait = longPoll === undefined ? LONG_POLL_SECONDS : wholeNumber(longPoll)
  return opaConfig({
    serviceUrl: service,
    bundles: flags.bundle.map((given) => bundleOf(given, oci === true)),
    keys: (trust?.keys ?? []).map(opaKey),
    signing: {
      ...(keyId === undefined ? {} : { keyId }),
      ...(scope === undefined ? {} : { scope }),
    },
    isOci: oci === true,
    // A registry keeps no poll waiting, and takes no reports.
    ...(oci ? {} : { longPollSeconds: wait }),
    reports: reports && !oci,
    ...(tokenEnv === undefined ? {} : { tokenEnv }),
  })
}

function bundleOf(given: string, isOci: boolean): { name: string; resource: string } {
  const equals = given.indexOf('=')
  if (equals > 0) return { name: given.slice(0, equals), resource: given.slice(equals + 1) }
  if (!isOci) return { name: given, resource: `bundles/${given}` }
  throw new ParapetError('USAGE', `\`${given}\` does not say where the bundle is`, {
    help: 'write it as `prod=registry.example.com/policy/prod:1`',
  })
}
