import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type CheckCode, codePages } from '../../src/falco/index.ts'
import { falcoCodeIndex, falcoCodePage } from '../../src/report/falco-code-page.ts'
import { root } from '../support/cli.ts'

const folder = path.join(root, 'docs/falco/codes')

test('the pages of the codes are fresh (`-u` writes them)', async () => {
  const codes = Object.keys(codePages) as CheckCode[]
  for (const code of codes) {
    const page = falcoCodePage(code, codePages[code])
    await expect(page).toMatchFileSnapshot(path.join(folder, `${code}.md`))
  }
  const index = falcoCodeIndex(codePages)
  await expect(index).toMatchFileSnapshot(path.join(folder, 'README.md'))
  const wanted = [...codes.map((code) => `${code}.md`), 'README.md']
  expect(readdirSync(folder).toSorted()).toEqual(wanted.toSorted())
})
