import type { Command, Option } from 'commander'

/**
 * The reference of all verbs as Markdown, made from the same definitions as `--help`; `docs/cli.md`
 * is its text.
 */
export function cliReference(program: Command): string {
  const verbs = verbsOf(program)
  const list = verbs.map(
    (verb) =>
      `- [\`${nameOf(verb)}\`](#${anchorOf(verb)}): ${verb.summary() || verb.description()}`,
  )
  return [
    '# Command line',
    '',
    '<!-- Generated from the definitions of the verbs; a test proves it fresh. -->',
    '',
    'Results go to standard output, all else to standard error; `-` is standard input. Exit codes are the',
    'same everywhere: 0 answered and nothing bad, 1 answered and the answer is bad, 2 not or not wholly',
    'answered, 130 interrupted.',
    '',
    ...list,
    '',
    ...verbs.flatMap(section),
  ].join('\n')
}

function verbsOf(command: Command): Command[] {
  if (command.commands.length === 0) return [command]
  const below = command.commands.filter((child) => child.name() !== 'help').flatMap(verbsOf)
  // A verb that takes arguments does something of its own.
  return command.registeredArguments.length > 0 ? [command, ...below] : below
}

function nameOf(command: Command): string {
  const parent = command.parent ? `${nameOf(command.parent)} ` : ''
  return `${parent}${command.name()}`
}

function anchorOf(command: Command): string {
  return nameOf(command).replaceAll(' ', '-')
}

function section(command: Command): string[] {
  const help = command.createHelp()
  const options = help.visibleOptions(command).filter((option) => option.long !== '--help')
  const rows = [
    ...command.registeredArguments.map((argument) => {
      const text = argument.variadic ? `${argument.name()}...` : argument.name()
      return row(argument.required ? `<${text}>` : `[${text}]`, argument.description)
    }),
    ...options.map((option) => row(option.flags, optionText(option))),
  ]
  return [
    `## ${nameOf(command)}`,
    '',
    command.description(),
    '',
    ...(rows.length > 0 ? ['| option | meaning |', '|---|---|', ...rows, ''] : []),
    ...examples(command),
  ]
}

function row(flags: string, text: string): string {
  const cell = (value: string): string => value.replaceAll('|', '\\|')
  return `| \`${cell(flags)}\` | ${cell(text)} |`
}

function optionText({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : ''
  const shown = typeof defaultValue === 'string' ? ` (default \`${defaultValue}\`)` : ''
  return `${description}${choices}${shown}`
}

/** What `--help` prints besides the options: examples and exit codes. */
function examples(command: Command): string[] {
  let text = ''
  const output = command.configureOutput()
  command.configureOutput({ writeOut: (piece) => void (text += piece) })
  command.outputHelp()
  command.configureOutput(output)
  const start = text.search(/^(?:Examples|Exit codes):/m)
  if (start < 0) return []
  const usage = text.indexOf('\nUsage:', start)
  return ['```', text.slice(start, usage < 0 ? undefined : usage).trim(), '```', '']
}
