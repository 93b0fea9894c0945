import { clean } from '../clean.ts'
import { notesOf } from './notes.ts'
import { reasonOf, type TestOutcome, type TestRun } from './outcome.ts'

/**
 * TAP 14: a line for each outcome, and what did not pass explained in a YAML block below it. All else
 * is said in comments.
 */
export function tapTests(run: TestRun): string {
  const { outcomes } = run
  const lines = outcomes.flatMap((outcome, index) => point(outcome, index + 1))
  const comments = notesOf(run).flatMap((note) => note.lines.map((line) => `# ${line}`))
  return ['TAP version 14', `1..${outcomes.length}`, ...lines, ...comments, ''].join('\n')
}

function point(outcome: TestOutcome, number: number): string[] {
  const { status, group, name, file, line, details } = outcome
  const head = `${number} - ${escaped(`${group}: ${name}`)}`
  if (status === 'pass') return [`ok ${head}`]
  if (status === 'skip') return [`ok ${head} # SKIP ${escaped(reasonOf(outcome))}`]
  return [
    `not ok ${head}`,
    '  ---',
    `  message: ${JSON.stringify(reasonOf(outcome))}`,
    `  severity: ${status}`,
    `  at: ${JSON.stringify(`${file}:${line}`)}`,
    ...(details.length === 0 ? [] : ['  details:']),
    ...details.map((detail) => `    - ${JSON.stringify(detail)}`),
    '  ...',
  ]
}

/** `#` begins a directive, and a backslash escapes. */
function escaped(text: string): string {
  return clean(text.replaceAll(/[\\#]/g, '\\$&').replaceAll(/\s+/g, ' '))
}
