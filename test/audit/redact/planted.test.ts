import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reporters } from '../../../src/report/reporter.ts'
import { cli, folder } from '../../support/cli.ts'
import { leak, plantedShape, plantedValue, type Planted } from './planting.ts'

/** A guardrail, and a Falco rule, that print all that they see. */
const talkative = {
  'main.rego': `package main

deny contains {"id": "talkative", "priority": "Notice", "msg": json.marshal(input)}

deny contains {"id": "decoder", "priority": "Notice", "msg": text} if {
	some text in [base64.decode(value) | walk(input, [_, value]); base64.is_valid(value)]
}
`,
  'rules.yaml': `
- rule: talkative
  desc: prints the event
  condition: ka.verb exists
  output: "%ka.user.name %ka.uri %ka.target.name %jevt.obj"
  priority: NOTICE
  source: k8s_audit
`,
}

const cases: readonly [string, fc.Arbitrary<Planted>][] = [
  ['credentials of every shape', plantedShape],
  ['repeated values of Secrets', plantedValue],
]

/** Many events go through one command, which takes as long as a few do. */
const logs = (planted: fc.Arbitrary<Planted>): fc.Arbitrary<Planted[]> =>
  fc.array(planted, { minLength: 300, maxLength: 300 })

/** Without the log, which is too long to be read. */
function reporter({ failed, seed, errorInstance }: fc.RunDetails<unknown>): void {
  if (failed) throw new Error(`seed ${seed}: ${String((errorInstance as Error).message)}`)
}

describe.each(cases)('%s, at any string of an event', (_, planted) => {
  async function expectNoLeak(args: readonly string[], runs: number, cwd?: string): Promise<void> {
    await fc.assert(
      fc.asyncProperty(logs(planted), async (log) => {
        const stdin = log.map(({ line }) => line).join('\n')
        const { stdout, stderr } = await cli(args, { stdin, ...(cwd ? { cwd } : {}) })
        const leaked = leak(stdout, log) ?? leak(stderr, log)
        if (leaked !== undefined) throw new Error(leaked)
        expect(stdout.length).toBeGreaterThan(300)
      }),
      { numRuns: runs, endOnFailure: true, reporter },
    )
  }

  test.each(Object.keys(reporters))('scan --format %s', async (format) => {
    await expectNoLeak(['scan', '-', '--format', format, '--every-stage'], 3)
  })

  test('a policy that prints the event', async () => {
    const cwd = folder(talkative)
    const policy = ['--policy', 'main.rego', '--decision', 'main/deny']
    await expectNoLeak(['scan', '-', '-f', 'jsonl', ...policy], 3, cwd)
  })

  test('a Falco rule that prints the event', async () => {
    const cwd = folder(talkative)
    await expectNoLeak(['scan', '-', '-f', 'jsonl', '--falco', 'rules.yaml'], 3, cwd)
  })

  test('redact', async () => {
    await expectNoLeak(['redact', '-'], 10)
  })
})

test('the talkative policy and rule do print what they see', async () => {
  const cwd = folder(talkative)
  const [planted] = fc.sample(plantedShape, { numRuns: 1, seed: 1 })
  for (const args of [
    ['--policy', 'main.rego', '--decision', 'main/deny'],
    ['--falco', 'rules.yaml'],
  ]) {
    const result = await cli(['scan', '-', '-f', 'jsonl', '--no-redact', ...args], {
      stdin: planted!.line,
      cwd,
    })
    expect(path.basename(cwd) && leak(result.stdout, [planted!])).toBeDefined()
  }
})
