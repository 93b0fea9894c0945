import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guardrailIndex, guardrailPage } from '../../src/report/guardrail-page.ts'
import { root } from '../support/cli.ts'
import { compilePack, type Pack } from '../support/pack.ts'

const folder = path.join(root, 'docs/guardrails')

let pack: Pack
beforeAll(async () => {
  pack = await compilePack()
})
afterAll(() => pack.toolchain.close())

test('the pages of the guardrails are fresh (`-u` writes them)', async () => {
  const { guardrails } = pack.compiled
  const ids = guardrails.map(({ id }) => id)
  for (const guardrail of guardrails) {
    const file = path.join(folder, `${guardrail.id}.md`)
    await expect(guardrailPage(guardrail, ids)).toMatchFileSnapshot(file)
  }
  await expect(guardrailIndex(guardrails)).toMatchFileSnapshot(path.join(folder, 'README.md'))
  const wanted = [...ids.map((id) => `${id}.md`), 'README.md']
  expect(readdirSync(folder).toSorted()).toEqual(wanted.toSorted())
})

test('links between the pages lead somewhere', () => {
  for (const name of readdirSync(folder)) {
    const page = readFileSync(path.join(folder, name), 'utf8')
    for (const [, target] of page.matchAll(/\]\((?!https:)([^)#]+)\)/g)) {
      expect(existsSync(path.join(folder, target!)), `${name}: ${target}`).toBe(true)
    }
  }
})

test('a text that names a guardrail names one that exists', () => {
  const ids = new Set(pack.compiled.guardrails.map(({ id }) => id))
  for (const { id, custom } of pack.compiled.guardrails) {
    const text = `${String(custom['why'])} ${String(custom['benign'])} ${String(custom['evasions'])}`
    for (const [, name] of text.matchAll(/(?:see|by|to) ([a-z]+(?:-[a-z]+)+)(?= |,|\.|;)/g)) {
      expect(ids.has(name!) || name === 'system-wide', `${id}: ${name}`).toBe(true)
    }
  }
})
