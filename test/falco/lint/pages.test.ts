import { describe, expect, test } from 'vitest'
import { codePages } from '../../../src/falco/lint/code-pages.ts'
import { lintRules } from '../../../src/falco/lint/lint.ts'

const pages = Object.entries(codePages)
const withBad = pages.filter(([, { bad }]) => bad !== undefined)
const withGood = pages.filter(([, { good }]) => good !== undefined)

function lint(text: string): readonly { code: string; severity: string; help?: string }[] {
  return lintRules([{ file: 'r.yaml', text }]).diagnostics
}

test('only a file that is not there has no example', () => {
  expect(pages.flatMap(([code, { bad }]) => (bad ? [] : [code]))).toEqual(['LOAD_ERR_FILE_READ'])
})

describe('the example of a mistake has it, with a help', () => {
  test.each(withBad)('%s', (code, { bad, severity }) => {
    const found = lint(bad!).filter((diagnostic) => diagnostic.code === code)
    expect(found.map((each) => each.severity)).toContain(severity)
    if (code.startsWith('FALCO_')) expect(found[0]?.help).toMatch(/\S/)
  })
})

describe('the corrected example has nothing but infos', () => {
  test.each(withGood)('%s', (_, { good }) => {
    expect(lint(good!).filter(({ severity }) => severity !== 'info')).toEqual([])
  })
})
