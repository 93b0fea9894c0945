import { expect, onTestFinished, test, vi } from 'vitest'
import { cli } from '../support/cli.ts'

/** What the completion package prints; it writes to the console by itself. */
async function printed(...args: string[]): Promise<string> {
  const lines: string[] = []
  const spy = vi
    .spyOn(console, 'log')
    .mockImplementation((...words) => void lines.push(words.join(' ')))
  onTestFinished(() => spy.mockRestore())
  await cli(args)
  return lines.join('\n')
}

test.each(['bash', 'zsh', 'fish', 'powershell'])('a script for %s', async (shell) => {
  expect(await printed('complete', shell)).toContain('parapet')
})

test('verbs, options and choices are completed', async () => {
  expect(await printed('complete', '--', 'sc')).toMatch(/^scan\t/m)
  expect(await printed('complete', '--', 'scan', '--since', '24h', '--fo')).toMatch(/^--format\t/m)
  expect(await printed('complete', '--', 'scan', '--format', 'sar')).toMatch(/^sarif/m)
})
