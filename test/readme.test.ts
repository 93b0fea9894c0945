import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { cli, root } from './support/cli.ts'

const readme = readFileSync(path.join(root, 'README.md'), 'utf8')

test('npm start prints what the README says', async () => {
  const shown = /`npm start` prints[\s\S]*?```\n([\s\S]*?)```/.exec(readme)![1]!
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  const args = scripts.start.split(' ').slice(2)
  const { stdout, code } = await cli(args)
  expect(code).toBe(0)
  for (const part of shown.split('…\n')) expect(stdout).toContain(part.trim())
})

test('links lead somewhere', () => {
  const files = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
  const dead = files.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map((match) => match[1]!)
      .filter((target) => !existsSync(path.join(root, target)))
      .map((target) => `${file} → ${target}`),
  )
  expect(dead).toEqual([])
})
