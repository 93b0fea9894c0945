import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { newKeyPair } from '../../src/bundle/key-pair.ts'
import { readBundle } from '../../src/bundle/read.ts'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'
import { writeFiles } from '../bundle/opa.ts'

const root = path.resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'parapet-action-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const REGO = `# METADATA
# title: A test
# description: Finds what it is told to find.
# scope: package
# custom:
#   id: test
#   priority: Notice
package guardrails.test.test

violation contains {"id": "test", "priority": "Notice", "message": "found"} if input.verb == "create"
`

interface Action {
  inputs: Record<string, unknown>
  runs: { steps: { run?: string; env?: Record<string, string>; if?: string }[] }
}

test('every input of the action is used, and every input used exists', () => {
  const text = readFileSync(path.join(root, 'action.yml'), 'utf8')
  const { documents, diagnostics } = parseYaml({ file: 'action.yml', text })
  expect(diagnostics).toEqual([])
  const action = yamlValue(documents[0]!) as Action
  const used = [...text.matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name)
  expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort())
  // Inputs reach the shell through the environment only, where they cannot become code.
  for (const { run } of action.runs.steps) expect(run ?? '').not.toContain('${{')
})

test('its build step builds and signs recipes', async () => {
  writeFiles(folder, {
    'pack/guardrails/test/test/test.rego': REGO,
    'bundles/a.yaml': 'policy: ../pack\n',
    'bundles/b.yaml': 'policy: ../pack\nenvironments: {dev: {}, prod: {}}\n',
  })
  const env = {
    ...process.env,
    GITHUB_ACTION_PATH: root,
    RECIPES: 'all',
    SIGNING_KEY: newKeyPair('ES256').privateKey,
    KEYID: 'ci',
  }
  const { status, stdout, stderr } = spawnSync('bash', [path.join(root, 'action.sh')], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout.trim().split('\n')).toHaveLength(3)
  for (const name of ['a.tar.gz', 'b-dev.tar.gz', 'b-prod.tar.gz']) {
    expect(existsSync(path.join(folder, 'bundles', name))).toBe(true)
    const { bundle } = await readBundle(readFileSync(path.join(folder, 'bundles', name)), {
      file: name,
    })
    expect(bundle.signatures?.signatures).toHaveLength(1)
  }
})
