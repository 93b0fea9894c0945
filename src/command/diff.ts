import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet diff old.tar.gz new.tar.gz             what was added, removed and changed
  parapet diff dev.tar.gz prod.tar.gz --only-data

Exit codes: 0 alike (with --only-data: alike but for data), 1 not alike, 2 could not tell.
`

export interface DiffFlags extends TrustFlags {
  readonly onlyData?: boolean
  readonly format: string
}

/** Adds `parapet diff`. */
export function addDiff(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('diff')
    .summary('compare two bundles')
    .description(
      'Shows what differs between two bundles: data, guardrails (in their rules or only in their text), files and manifest.',
    )
    .argument('<before>', 'a .tar.gz')
    .argument('<after>', 'a .tar.gz')
    .option('--only-data', 'differences in data and revision are allowed')
    .option('-f, --format <format>', 'text or json', 'text')
  addTrustOptions(command)
    .addHelpText('before', EXAMPLES)
    .action(async (before: string, after: string, flags: DiffFlags) => {
      const { runDiff } = await import('./diff-run.ts')
      done(await runDiff(before, after, flags, io))
    })
}
