import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, recording, root } from '../support/cli.ts'
import { attacks, scenarios } from '../support/labels.ts'
import { hasToolchain } from '../toolchain/support.ts'

const folder = path.join(root, 'falco-rules')

test('the rules of our own pass the strict check', async () => {
  for (const file of readdirSync(folder).filter((name) => !name.endsWith('.cases.yaml'))) {
    const { code, stdout } = await cli(['falco', 'check', '--strict', path.join(folder, file)])
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0 warnings'),
    })
  }
})

test.skipIf(!hasToolchain)('they are what `parapet falco generate` makes of rego/', async () => {
  const { code, stderr } = await cli(['falco', 'generate', 'rego', '-o', 'falco-rules', '--check'])
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('rules for') })
})

describe('they find on the recording what their guardrails find', () => {
  const without = ['configmap-credentials', 'sensitive-host-path', 'untrusted-image']
  test.each([...attacks()])('%s', async (scenario, ids) => {
    const guardrails = scenarios()[scenario]!
    if (without.includes(guardrails[0]!)) return
    const tags = guardrails.map((id) => `parapet_${id}`)
    const scanned = await findings()
    const found = scanned.filter((finding) => tags.some((tag) => finding.tags.includes(tag)))
    const missed = ids.filter((id) => !found.some(({ auditID }) => auditID === id))
    expect(missed).toEqual([])
  })
})

interface Found {
  readonly auditID: string
  readonly tags: readonly string[]
}

let scanned: Promise<readonly Found[]> | undefined

function findings(): Promise<readonly Found[]> {
  const args = ['scan', recording, '--falco', folder, '-f', 'jsonl', '--fail-on', 'none']
  return (scanned ??= cli(args).then(({ json }) => json() as unknown as Found[]))
}
