import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scan, type ScanOptions } from '../../src/io/scan/scan.ts'

const recordings = path.join(import.meta.dirname, '../recordings/cluster.jsonl')
const corpus = path.join(import.meta.dirname, '../../../shared/corpus')
const logs = ['audit2rbac-demo.jsonl', 'benign-minikube.jsonl', 'provider-aks.jsonl']
  .map((name) => path.join(corpus, name))
  .filter((file) => existsSync(file))
if (logs.length === 0) process.stderr.write('skipped: there is no corpus beside the repository\n')

/** Everything that a scan says. */
async function outcome(files: readonly string[], options: ScanOptions): Promise<unknown> {
  const incomplete: unknown[] = []
  const run = await scan(files, { ...options, onIncomplete: (item) => incomplete.push(item) })
  const findings = []
  for await (const finding of run) findings.push(finding)
  const { events, bytes, findings: count, malformed, suppressed } = run.summary
  return { findings, incomplete, counts: { events, bytes, count, malformed, suppressed } }
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parapet-index-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The organisation's lists, which the index was not built with. */
const org = `org:
  registries: [registry.example.com]
  networks: [192.0.2.0/24]
  hours: {zone: "+02:00", days: [Mon, Tue, Wed, Thu, Fri], from: "08:00", to: "09:00"}
  users: {known: [alice@example.com], break_glass: [kubernetes-admin]}
  system_namespaces: [shop]
`

describe('the built-in pack finds the same with its index and without', () => {
  test.each([
    ['with the default data', undefined],
    ['with other data', org],
  ])('in the recordings, %s', async (_note, data) => {
    const file = path.join(folder, 'org.yaml')
    if (data) await writeFile(file, data)
    const options = { everyStage: true, ...(data ? { data: [file] } : {}) }
    const got = await outcome([recordings], { ...options, index: true })
    expect(got).toEqual(await outcome([recordings], { ...options, index: false }))
    expect((got as { findings: unknown[] }).findings.length).toBeGreaterThan(50)
  })

  test.skipIf(logs.length === 0)('in the logs of others', async () => {
    expect(await outcome(logs, { everyStage: true, index: true })).toEqual(
      await outcome(logs, { everyStage: true, index: false }),
    )
  })
})
