import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet guardrails                     what the built-in pack looks for
  parapet guardrails pod-exec            one of them, explained
  parapet guardrails --tag T1609
  parapet guardrails --policy ./guardrails --format json

Exit codes: 0 answered, 2 there is no such guardrail or policy.
`

/** Options as commander hands them over. */
export interface GuardrailsFlags extends TrustFlags {
  readonly policy: string
  readonly tag?: string
  readonly format: string
}

/** Adds `parapet guardrails`. */
export function addGuardrails(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('guardrails')
    .summary('list guardrails, or explain one')
    .description(
      'Lists what a policy looks for. With an id, says why it matters, what benign activity looks like it, how it can be evaded, and which controls it serves.',
    )
    .argument('[id]', 'a guardrail’s id')
    .option('-p, --policy <source>', 'folder, bundle or `builtin`', 'builtin')
    .option('--tag <tag>', 'only guardrails with this tag or control')
    .addOption(
      new Option('-f, --format <format>', 'form of the answer')
        .choices(['pretty', 'json', 'markdown'])
        .default('pretty'),
    )
  addTrustOptions(command)
    .addHelpText('before', EXAMPLES)
    .action(async (id: string | undefined, flags: GuardrailsFlags) => {
      const { runGuardrails } = await import('./guardrails-run.ts')
      done(await runGuardrails(id, flags, io))
    })
}
