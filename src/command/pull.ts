import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet pull oci://registry.example.com/policy/prod:1.0 -o prod.tar.gz
  parapet pull oci://…/prod@sha256:… --cosign-key cosign.pub -o prod.tar.gz
  parapet pull oci://…/prod:1.0 --save prod.oci.tar    with its signatures, for a site without network

Exit codes: 0 pulled, 2 not pulled.
`

/** Options as commander hands them over. */
export interface PullFlags {
  readonly output?: string
  readonly save?: string
  readonly cosignKey: string[]
  readonly plainHttp?: boolean
  readonly format: string
}

/** Adds `parapet pull`. */
export function addPull(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const list = (value: string, before: string[]): string[] => [...before, value]
  program
    .command('pull')
    .summary('pull a bundle from a registry')
    .description(
      'Pulls a bundle by tag or digest, checked against its digest and, where keys are given, against cosign’s signature.',
    )
    .argument('<reference>', 'oci://…')
    .option('-o, --output <file>', 'where the bundle goes')
    .option('--save <file>', 'save the whole artifact with its signatures as an OCI layout (.tar)')
    .option(
      '--cosign-key <key>',
      'public key that must have signed the artifact; repeatable',
      list,
      [],
    )
    .option('--plain-http', 'the registry has no TLS')
    .option('-f, --format <format>', 'text or json', 'text')
    .addHelpText('before', EXAMPLES)
    .action(async (reference: string, flags: PullFlags) => {
      const { runPull } = await import('./pull-run.ts')
      done(await runPull(reference, flags, io))
    })
}
