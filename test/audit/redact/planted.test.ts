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
function reporter({ failed, seed, errorInstance }: fc.RunDetails<[Planted[]]>): void {
  if (failed) throw new Error(`seed ${seed}: ${String((errorInstance as Error).message)}`)
}

/** What comes out of a command that should not, in any of many logs. */
async function firstLeak(
  planted: fc.Arbitrary<Planted>,
  args: readonly string[],
  { runs = 1, cwd }: { runs?: number; cwd?: string } = {},
): Promise<string | undefined> {
  let leaked: string | undefined
  await fc.assert(
    fc.asyncProperty(logs(planted), async (log) => {
      const stdin = log.map(({ line }) => line).join('\n')
      const { stdout, stderr } = await cli(args, { stdin, ...(cwd ? { cwd } : {}) })
      if (stdout.length < 300) throw new Error('there is no output')
      leaked ??= leak(stdout, log) ?? leak(stderr, log)
      if (leaked !== undefined) throw new Error(leaked)
    }),
    { numRuns: runs, endOnFailure: true, reporter },
  )
  return leaked
}

describe.each(cases)('%s, at any string of an event', (_, planted) => {
  test.each(Object.keys(reporters))('scan --format %s', async (format) => {
    const args = ['scan', '-', '--format', format, '--every-stage']
    expect(await firstLeak(planted, args)).toBeUndefined()
  })

  test('a policy that prints the event', async () => {
    const policy = ['--policy', 'main.rego', '--decision', 'main/deny']
    const args = ['scan', '-', '-f', 'jsonl', ...policy]
    expect(await firstLeak(planted, args, { cwd: folder(talkative) })).toBeUndefined()
  })

  test('a Falco rule that prints the event', async () => {
    const args = ['scan', '-', '-f', 'jsonl', '--falco', 'rules.yaml']
    expect(await firstLeak(planted, args, { cwd: folder(talkative) })).toBeUndefined()
  })

  test('redact', async () => {
    expect(await firstLeak(planted, ['redact', '-'], { runs: 5 })).toBeUndefined()
  })

  test('redact --pseudonymise', async () => {
    const cwd = folder({ key: 'a key for tests, and nothing else' })
    const args = ['redact', '-', '--pseudonymise', '--key', 'key']
    expect(await firstLeak(planted, args, { cwd })).toBeUndefined()
  })

  test('a scan of the redacted log finds what a scan of the original does', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(logs(planted), async (log) => {
        const stdin = log.map(({ line }) => line).join('\n')
        const rewritten = await cli(['redact', '-'], { stdin })
        const [before, after] = [await found(stdin), await found(rewritten.stdout)]
        compared += before.length
        const other = before.findIndex((finding, index) => finding !== after[index])
        if (other >= 0 || after.length > before.length) {
          throw new Error(`${before[other]} became ${after[other]}`)
        }
      }),
      { numRuns: 2, endOnFailure: true, reporter },
    )
    expect(compared).toBeGreaterThan(20)
  })
})

/** Rules and requests, in order. */
async function found(stdin: string): Promise<string[]> {
  const { stdout } = await cli(['scan', '-', '-f', 'jsonl', '--every-stage'], { stdin })
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"rule"'))
    .map((line) => JSON.parse(line) as Record<string, string>)
    .map(({ rule, auditID }) => `${rule} ${/redacted|UkVEQUNURUQ/i.test(auditID!) ? '' : auditID}`)
}

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
