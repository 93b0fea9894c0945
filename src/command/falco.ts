import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import { addFalcoGenerate } from './falco-generate.ts'
import { addFalcoPackage } from './falco-package.ts'
import type { Io } from './io.ts'

const CHECK_EXAMPLES = `
Examples:
  parapet falco check rules.yaml
  parapet falco check falco_rules.yaml custom/ --format sarif

Exit codes: 0 no errors, 1 errors (with --strict also warnings), 2 a file could not be read.`

const FMT_EXAMPLES = `
Examples:
  parapet falco fmt rules.yaml
  parapet falco fmt --check falco-rules/   names the files that are not formatted

Exit codes: 0 formatted, 1 --check found files that are not, 2 a file cannot be formatted.`

const FIELDS_EXAMPLES = `
Examples:
  parapet falco fields
  parapet falco fields ka.req.pod.containers
  parapet falco fields ka.uri.param

Exit codes: 0 printed, 2 there is no such field.`

const EXPLAIN_EXAMPLES = `
Examples:
  parapet falco explain "Attach to cluster-admin Role" rules.yaml
  parapet falco explain "Pod exec" rules.yaml --events one-event.json

Exit codes: 0 explained, 2 the rules do not load, or there is no such rule.`

/** Options as commander hands them over. */
export interface FalcoCheckFlags {
  readonly format: string
  readonly strict?: boolean
}

export interface FalcoFmtFlags {
  readonly check?: boolean
}

export interface FalcoFieldsFlags {
  readonly format: string
}

export interface FalcoExplainFlags {
  readonly events?: string
  readonly format: string
}

/** Adds `parapet falco` with its verbs about rules. */
export function addFalco(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const group = program
    .command('falco')
    .summary('generate, check, format, explain and package Falco rules')
  addCheck(group, io, done)
  addFmt(group, io, done)
  addFields(group, io, done)
  addExplain(group, io, done)
  addFalcoGenerate(group, io, done)
  addFalcoPackage(group, io, done)
}

function addCheck(group: Command, io: Io, done: (code: ExitCode) => void): void {
  group
    .command('check')
    .summary('validate rules as Falco does, and find what costs nights')
    .description(
      'Loads rules files in the order given, as Falco would with its k8saudit and json plugins, and reports its errors and warnings by their codes. Then looks for what loads and does not work: conditions that are never true, rules hidden behind others, comparisons that mean something else.',
    )
    .argument('<rules...>', 'rules files, or folders of them')
    .addOption(formatOption(['pretty', 'json', 'sarif', 'github']))
    .option('--strict', 'let warnings fail the check too')
    .addHelpText('after', CHECK_EXAMPLES)
    .action(async (rules: string[], flags: FalcoCheckFlags) => {
      const { runFalcoCheck } = await import('./falco-check-run.ts')
      done(await runFalcoCheck(rules, flags, io))
    })
}

function addFmt(group: Command, io: Io, done: (code: ExitCode) => void): void {
  group
    .command('fmt')
    .summary('format rules files')
    .description(
      'Formats rules files in place: even blanks and line breaks in conditions, one empty line between items. Comments stay, and a file whose meaning would change is left as it is, and said.',
    )
    .argument('<rules...>', 'rules files, or folders of them')
    .option('--check', 'change nothing; exit with 1 where a file is not formatted')
    .addHelpText('after', FMT_EXAMPLES)
    .action(async (rules: string[], flags: FalcoFmtFlags) => {
      const { runFalcoFmt } = await import('./falco-fmt-run.ts')
      done(await runFalcoFmt(rules, flags, io))
    })
}

function addFields(group: Command, io: Io, done: (code: ExitCode) => void): void {
  group
    .command('fields')
    .summary('list the fields of k8s_audit rules')
    .description(
      'Lists the fields that rules for audit events can use; with a name, everything about that field, or all fields that begin so.',
    )
    .argument('[name]', 'a field, or the beginning of some')
    .addOption(formatOption(['pretty', 'json']))
    .addHelpText('after', FIELDS_EXAMPLES)
    .action(async (name: string | undefined, flags: FalcoFieldsFlags) => {
      const { runFalcoFields } = await import('./falco-fields-run.ts')
      done(await runFalcoFields(name, flags, io))
    })
}

function addExplain(group: Command, io: Io, done: (code: ExitCode) => void): void {
  group
    .command('explain')
    .summary('show what a rule comes to, and why it matches an event')
    .description(
      'Prints a rule’s condition with its macros, lists and exceptions put in. With events, prints for each what every part of the condition comes to, with the values of its fields, and marks the parts that decide.',
    )
    .argument('<rule>', 'name of the rule')
    .argument('<rules...>', 'rules files, or folders of them')
    .option('--events <file>', 'a log, or one event; `-` reads standard input')
    .addOption(formatOption(['pretty', 'json']))
    .addHelpText('after', EXPLAIN_EXAMPLES)
    .action(async (rule: string, rules: string[], flags: FalcoExplainFlags) => {
      const { runFalcoExplain } = await import('./falco-explain-run.ts')
      done(await runFalcoExplain(rule, rules, flags, io))
    })
}

function formatOption(formats: readonly string[]): Option {
  return new Option('-f, --format <format>', 'form of the answer')
    .choices(formats)
    .default('pretty')
}
