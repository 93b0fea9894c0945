import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `
Examples:
  parapet falco generate                        rules for the built-in guardrails, on standard output
  parapet falco generate ./policy -o falco-rules/
  parapet falco generate --explain privileged-container
  parapet falco generate -o falco-rules/ --check   in CI: are the rules those of the guardrails?

Exit codes: 0 generated, 1 a guardrail has no rule and METADATA does not say why, or --check found other rules, 2 the policy cannot be read.`

/** Options as commander hands them over. */
export interface FalcoGenerateFlags {
  readonly output?: string
  readonly prefix?: string
  /** True without an id. */
  readonly explain?: string | true
  readonly check?: boolean
}

/** Adds `parapet falco generate` to the group `falco`. */
export function addFalcoGenerate(group: Command, io: Io, done: (code: ExitCode) => void): void {
  group
    .command('generate')
    .summary('write guardrails as Falco rules')
    .description(
      'Writes a Falco rule for each guardrail, from what OPA’s partial evaluation leaves of it, that fires on the same events. What Falco cannot express is refused, with the reason and the line of Rego, unless METADATA (`custom.falco`) asks for a wider rule, names one that is written by hand, or says why there is none.',
    )
    .argument('[policy]', 'folder or .rego file with guardrails, or `builtin`', 'builtin')
    .option('-o, --output <path>', 'file, or folder for PREFIX_k8s_audit_rules.yaml')
    .option(
      '--prefix <name>',
      'how names of macros and lists begin (default: parapet for the built-in guardrails, else own)',
    )
    .option('--explain [id]', 'show residual, condition and outcome, of one guardrail or all')
    .option('--check', 'write nothing; exit with 1 where --output holds something else')
    .addHelpText('after', EXAMPLES)
    .action(async (policy: string, flags: FalcoGenerateFlags) => {
      const { runFalcoGenerate } = await import('./falco-generate-run.ts')
      done(await runFalcoGenerate(policy, flags, io))
    })
}
