import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { list } from './scan-options.ts'
import { addSettingsOptions, type SettingsFlags } from './settings-options.ts'

const ADD_EXAMPLES = `
Examples:
  parapet exception add --from audit.log --audit-id 3bc14caa-… --until 2027-01-31 \\
    --reason "node pool is being replaced, OPS-1182" --to exceptions.yaml
  parapet scan --data exceptions.yaml audit.log

Exit codes: 0 written, 2 the request is not there, or nothing is found in it.`

const LIST_EXAMPLES = `
Examples:
  parapet exception list exceptions.yaml

Exit codes: 0 all hold, 1 some have ended or hold for too long, 2 a file cannot be read.`

const FALCO_EXAMPLES = `
Examples:
  parapet exception falco exceptions.yaml -o falco-exceptions.yaml
  parapet exception falco exceptions.yaml --rules my_rules.yaml

Exit codes: 0 written, 1 Falco cannot express some, 2 a file cannot be read.`

/** Options as commander hands them over. */
export interface ExceptionAddFlags extends SettingsFlags {
  readonly from: string
  readonly auditId: string
  readonly until: string
  readonly reason: string
  readonly rule?: string
  readonly name?: string
  readonly policy: string[]
  readonly data: string[]
  readonly to?: string
  readonly falcoTo?: string
  readonly rules: string[]
}

export interface ExceptionListFlags {
  readonly format: string
}

export interface ExceptionFalcoFlags {
  readonly rules: string[]
  readonly output?: string
}

/** Adds `parapet exception` with its verbs. */
export function addException(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const group = program
    .command('exception')
    .summary('accept findings for a while: narrowly, with a reason and an end')
  addAdd(group, io, done)
  group
    .command('list')
    .summary('show exceptions and the days that they have left')
    .description('Lists the exceptions in files of data, those that end first at the top.')
    .argument('<files...>', 'JSON or YAML files of data')
    .addOption(
      new Option('-f, --format <format>', 'form of the list')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .addHelpText('after', LIST_EXAMPLES)
    .action(async (files: string[], flags: ExceptionListFlags) => {
      const { runExceptionList } = await import('./exception-list-run.ts')
      done(await runExceptionList(files, flags, io))
    })
  group
    .command('falco')
    .summary('write exceptions for Falco')
    .description(
      'Writes the exceptions in files of data as a Falco rules file, which appends them to the rules that the guardrails have (tag `parapet_<id>`). Falco must load it after those.',
    )
    .argument('<files...>', 'JSON or YAML files of data')
    .option(
      '--rules <path>',
      'the rules: file or folder; repeatable (default: those of the built-in pack)',
      list,
      [],
    )
    .option('-o, --output <file>', 'where to write it')
    .addHelpText('after', FALCO_EXAMPLES)
    .action(async (files: string[], flags: ExceptionFalcoFlags) => {
      const { runExceptionFalco } = await import('./exception-falco-run.ts')
      done(await runExceptionFalco(files, flags, io))
    })
}

function addAdd(group: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = group
    .command('add')
    .summary('write an exception for what a guardrail finds in a request')
    .description(
      'Writes an exception as data (`org.exceptions`), which `scan --data`, bundles and so OPA read. It covers the same user’s same deed on the same object, or on another copy of it where controllers name such objects, until a date.',
    )
    .requiredOption('--from <log>', 'audit log with the request')
    .requiredOption('--audit-id <id>', 'the request’s auditID')
    .requiredOption('--until <date>', 'when it ends: `2027-01-31`, or a time in UTC')
    .requiredOption('--reason <text>', 'why it is accepted')
    .option('--rule <id>', 'the guardrail, where several find something')
    .option('--name <name>', 'what to call it (default: after guardrail and user)')
    .option(
      '-p, --policy <source>',
      'folder, .rego file, bundle or `builtin`; repeatable',
      list,
      [],
    )
    .option('-d, --data <file>', 'JSON or YAML merged over the default data; repeatable', list, [])
    .optionsGroup('Output:')
    .option('--to <file>', 'add it to this file of data, or make the file (default: print it)')
    .option('--falco-to <file>', 'write all exceptions of that file for Falco, too')
    .option(
      '--rules <path>',
      'Falco rules: file or folder; repeatable (default: those of the built-in pack)',
      list,
      [],
    )
  addSettingsOptions(command)
    .addHelpText('after', ADD_EXAMPLES)
    .action(async (flags: ExceptionAddFlags, verb: Command) => {
      const { runExceptionAdd } = await import('./exception-add-run.ts')
      done(await runExceptionAdd(flags, verb, io))
    })
}
