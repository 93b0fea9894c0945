import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet push prod.tar.gz oci://registry.example.com/policy/prod:1.0
  parapet push prod.tar.gz oci://…/prod:1.0 --tag latest --sign-key cosign.pem
  parapet push falco-rules/k8s.yaml oci://…/rules/k8s --release 1.2.0
  parapet push prod.tar.gz oci://…/prod:1.0 --as conftest
  parapet push saved.oci.tar oci://…/prod:1.0          what \`parapet pull --save\` wrote
  parapet push prod.tar.gz https://files.example.com/prod.tar.gz
  parapet push prod.tar.gz s3://bucket/bundles/prod.tar.gz

Exit codes: 0 pushed, 2 not pushed.
`

/** Options as commander hands them over. */
export interface PushFlags extends TrustFlags {
  readonly tag: string[]
  readonly as?: string
  readonly name?: string
  readonly release?: string
  readonly source?: string
  readonly indexEntry?: string
  readonly description?: string
  readonly keyRef?: string
  readonly signKey?: string
  readonly plainHttp?: boolean
  readonly format: string
}

/** Adds `parapet push`. */
export function addPush(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const list = (value: string, before: string[]): string[] => [...before, value]
  const command = program
    .command('push')
    .summary('push a bundle or Falco rules to a registry or bucket')
    .description(
      'Pushes a bundle as OPA pulls it, Falco rules as falcoctl installs them, or a file to an HTTP server or bucket. Always prints the digest.',
    )
    .argument('<file>', 'bundle (.tar.gz), Falco rules (.yaml) or saved artifact (.tar)')
    .argument('<target>', 'oci://…, https://… or s3://bucket/key')
    .option('-t, --tag <tag>', 'further tag; repeatable', list, [])
    .option('--as <kind>', 'bundle, rulesfile or conftest; told by the file otherwise')
    .option('--sign-key <key>', 'sign for cosign: file with a private key, or env:NAME')
    .option('--plain-http', 'the registry has no TLS')
    .optionsGroup('Falco rules:')
    .option('--name <name>', 'name in the artifact (the last part of the repository)')
    .option('--release <version>', 'semantic version; also tags X.Y.Z, X and X.Y')
    .option('--source <url>', 'address of the source code')
    .option('--index-entry <file>', 'write the entry for falcoctl’s index.yaml')
    .option('--description <text>', 'what the rules are for, in that entry')
    .option('--key-ref <url>', 'where falcoctl finds the public key, in that entry')
    .optionsGroup('Output:')
    .option('-f, --format <format>', 'text or json', 'text')
  addTrustOptions(command)
    .addHelpText('before', EXAMPLES)
    .action(async (file: string, target: string, flags: PushFlags) => {
      const { runPush } = await import('./push-run.ts')
      done(await runPush(file, target, flags, io))
    })
}
