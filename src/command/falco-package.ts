import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet falco package falco-rules/*.yaml -o deploy/
  helm upgrade --install falco falcosecurity/falco -n falco -f deploy/values.yaml

Exit codes: 0 written, 2 not written.
`

/** Options as commander hands them over. */
export interface FalcoPackageFlags {
  readonly output: string
  readonly name: string
  readonly namespace: string
}

/** Adds `parapet falco package`. */
export function addFalcoPackage(falco: Command, io: Io, done: (code: ExitCode) => void): void {
  falco
    .command('package')
    .summary('write Helm values and a ConfigMap with rules for Falco')
    .description(
      'Writes values.yaml for the official Falco chart, with the k8saudit plugin wired as its documentation says, and a ConfigMap with the same rules.',
    )
    .argument('<rules...>', 'rules files')
    .requiredOption('-o, --output <folder>', 'where values.yaml and configmap.yaml go')
    .option('--name <name>', 'name of the ConfigMap', 'parapet-rules')
    .option('--namespace <name>', 'its namespace', 'falco')
    .addHelpText('before', EXAMPLES)
    .action(async (rules: string[], flags: FalcoPackageFlags) => {
      const { runFalcoPackage } = await import('./falco-package-run.ts')
      done(await runFalcoPackage(rules, flags, io))
    })
}
