import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet redact audit.log > clean.log
  parapet redact /var/log/kubernetes/audit -o clean.log     a folder of rotated logs, as one log
  kubectl logs … | parapet redact -
  parapet redact --pseudonymise --key pseudonyms.key audit.log -o export.log
  parapet redact audit.log --format json 2> removed.json    what was removed, for a machine

A line that is no audit event is reported and left out, because nobody can tell what is in it.

Exit codes: 0 all of the log is rewritten, 2 some of it could not be read, 130 interrupted.
`

/** Options as commander hands them over. */
export interface RedactFlags {
  readonly output?: string
  readonly format: string
  readonly pseudonymise?: boolean
  readonly key?: string
  readonly keep: string[]
  readonly quiet?: boolean
}

/** Adds `parapet redact`. */
export function addRedact(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const list = (value: string, before: string[]): string[] => [...before, value]
  program
    .command('redact')
    .summary('rewrite an audit log without secrets')
    .description(
      'Writes the events as JSON lines without secrets, tokens and what looks like a credential, and everything else byte for byte: a scan finds the same in it. Says on standard error how many values of which kind were removed. See docs/redaction.md.',
    )
    .argument('[inputs...]', 'audit logs: files, folders, globs, or - for standard input', [])
    .optionsGroup('Names:')
    .option('--pseudonymise', 'replace users, groups, addresses and names by keyed pseudonyms')
    .option(
      '--key <source>',
      'key of the pseudonyms: a file or env:NAME (default: env:PARAPET_PSEUDONYM_KEY)',
    )
    .option('--keep <glob>', 'a name that stays as it is; repeatable', list, [])
    .optionsGroup('Output:')
    .option('-o, --output <file>', 'write the log to a file, whole or not at all')
    .addOption(
      new Option('-f, --format <format>', 'form of what is said on standard error')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .option('-q, --quiet', 'no progress, and nothing said where all went well')
    .addHelpText('before', EXAMPLES)
    .action(async (inputs: string[], flags: RedactFlags) => {
      const { runRedact } = await import('./redact-run.ts')
      done(await runRedact(inputs, flags, io))
    })
}
