import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadRules, Ruleset } from '../../src/falco/index.ts'
import { cli, eventLine, recording, root } from '../support/cli.ts'
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

test('all of them require the same plugins', () => {
  const required = readdirSync(folder)
    .filter((name) => !name.endsWith('.cases.yaml'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .map((text) => /^- required_plugin_versions:\n(?: .*\n)+/m.exec(text)?.[0])
  expect(new Set(required).size).toBe(1)
})

test.skipIf(!hasToolchain)('they are what `parapet falco generate` makes of rego/', async () => {
  const { code, stderr } = await cli(['falco', 'generate', '-o', 'falco-rules', '--check'])
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

describe('escapes in a patch', () => {
  const patch = (body: string): string =>
    eventLine({ verb: 'patch', requestObject: 'BODY' }).replace('"BODY"', body)
  const { compilation } = loadRules([
    { file: 'rules', text: readFileSync(path.join(folder, 'parapet_patch_rules.yaml'), 'utf8') },
  ])
  const rules = new Ruleset(compilation!)

  test.each<[string, string, number]>([
    ['a letter of a name', String.raw`{"spec":{"hostPI\u0044":true}}`, 1],
    ['a letter at the beginning', String.raw`{"\u0073pec":{}}`, 1],
    ['a digit behind a backslash', String.raw`{"a":"\\\u0031"}`, 1],
    ['slashes of a path', String.raw`[{"op":"add","path":"\/spec\/type","value":"NodePort"}]`, 1],
    ['what Go escapes', String.raw`{"a":"\u003cb\u003e \u0026"}`, 0],
    ['signs that others escape', String.raw`{"a":"\u0022\u002B\u0027\u00e9"}`, 0],
    ['a backslash and letters', String.raw`{"a":"\\u0044"}`, 0],
    ['nothing', '{"spec":{"hostPID":true}}', 0],
  ])('%s', (_name, body, count) => {
    expect(rules.evaluate(Buffer.from(patch(body)))).toHaveLength(count)
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
