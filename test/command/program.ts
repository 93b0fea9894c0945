import type { Command } from 'commander'
import { createProgram } from '../../src/main.ts'
import { root } from '../support/cli.ts'

/** The command line with all its verbs, to be looked at and not run. */
export function wholeProgram(): Promise<Command> {
  const { stdin, stdout, stderr } = process
  const io = { stdin, stdout, stderr, env: {}, cwd: root, signal: new AbortController().signal }
  return createProgram(io, [], () => {})
}
