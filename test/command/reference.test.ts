import { expect, test } from 'vitest'
import path from 'node:path'
import { cliReference } from '../../src/command/reference.ts'
import { cli, root } from '../support/cli.ts'
import { wholeProgram } from './program.ts'

const program = await wholeProgram()

/** `npx vitest run test/command/reference.test.ts -u` writes it again. */
test('docs/cli.md is what the verbs say of themselves', async () => {
  await expect(cliReference(program)).toMatchFileSnapshot(path.join(root, 'docs/cli.md'))
})

test.each(program.commands.map((command) => command.name()))('%s has help', async (verb) => {
  const { code, stdout } = await cli([verb, '--help'])
  expect(code).toBe(0)
  expect(stdout).toContain(`Usage: parapet ${verb}`)
})
