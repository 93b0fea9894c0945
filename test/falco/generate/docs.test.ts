import path from 'node:path'
import { expect, test } from 'vitest'
import { generateFalcoRules } from '../../../src/io/falco-generate.ts'
import { falcoTable } from '../../../src/report/falco-table.ts'
import { root } from '../../support/cli.ts'
import { hasToolchain } from '../../toolchain/support.ts'

test.skipIf(!hasToolchain)(
  'the table of guardrails and rules is fresh (`-u` writes it)',
  async () => {
    const { outcomes } = await generateFalcoRules('builtin', root, 'parapet')
    const file = path.join(root, 'docs/falco/guardrails.md')
    await expect(falcoTable(outcomes)).toMatchFileSnapshot(file)
    const exact = outcomes.filter(({ kind }) => kind === 'exact').length
    expect(exact / outcomes.length).toBeGreaterThanOrEqual(0.8)
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual([])
  },
)
