import { expect, test } from 'vitest'
import path from 'node:path'
import { cliReference } from '../../src/command/reference.ts'
import { createProgram } from '../../src/main.ts'
import { cli, root } from '../support/cli.ts'

const program = await createProgram(
  {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: {},
    cwd: root,
    signal: new AbortController().signal,
  },
  [],
  () => {},
)

/** `npx vitest run test/command/reference.test.ts -u` writes it again. */
test('docs/cli.md is what the verbs say of themselves', async () => {
  await expect(cliReference(program)).toMatchFileSnapshot(path.join(root, 'docs/cli.md'))
})

test.each(program.commands.map((command) => command.name()))('%s has help', async (verb) => {
  const { code, stdout } = await cli([verb, '--help'])
  expect(code).toBe(0)
  expect(stdout).toContain(`Usage: parapet ${verb}`)
})
