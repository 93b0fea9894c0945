import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet opa config --service https://bundles.example.com --bundle prod --verify-key prod=prod.pub.pem
  parapet opa config --service https://registry.example.com --oci --bundle prod=registry.example.com/policy/prod:1
  parapet opa config … --as deployment > opa.yaml

Exit codes: 0 written, 2 not written.
`

/** Options as commander hands them over. */
export interface OpaConfigFlags extends TrustFlags {
  readonly service: string
  readonly bundle: string[]
  readonly oci?: boolean
  readonly tokenEnv?: string
  readonly longPoll?: string
  readonly unsigned?: boolean
  readonly reports: boolean
  readonly as: string
  readonly name: string
  readonly namespace: string
  readonly image: string
}

/** Adds `parapet opa config`. */
export function addOpa(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const list = (value: string, before: string[]): string[] => [...before, value]
  const command = program
    .command('opa')
    .summary('write what OPA servers need')
    .command('config')
    .summary('configuration of an OPA server that takes its bundles with verification')
    .description(
      'Writes OPA’s configuration, bare or inside Kubernetes manifests. Each bundle gets a `signing` block: a key alone verifies nothing.',
    )
    .requiredOption('--service <url>', 'bundle server or registry')
    .requiredOption(
      '--bundle <name[=resource]>',
      'bundle, and where it is on the service; repeatable',
      list,
      [],
    )
    .option('--oci', 'the service is an OCI registry')
    .option('--token-env <name>', 'variable with the bearer token for the service')
    .option('--long-poll <seconds>', 'wait on the server for changes (60; not for registries)')
    .option('--no-reports', 'send no status and no decision logs')
  addTrustOptions(command)
    .option('--unsigned', 'take bundles without signatures')
    .optionsGroup('Output:')
    .option('--as <form>', 'config, deployment or sidecar', 'config')
    .option('--name <name>', 'name of the Kubernetes objects', 'opa')
    .option('--namespace <name>', 'their namespace', 'opa')
    .option('--image <image>', 'image of OPA with its WASM runtime', 'openpolicyagent/opa:1.22.2')
    .addHelpText('before', EXAMPLES)
    .action(async (flags: OpaConfigFlags) => {
      const { runOpaConfig } = await import('./opa-run.ts')
      done(await runOpaConfig(flags, io))
    })
}
