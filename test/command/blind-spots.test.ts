import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, recording } from '../support/cli.ts'
import { corpus, corpusMissing } from '../support/logs.ts'

const deployment = (fields: Record<string, unknown> = {}): string =>
  eventLine({
    requestURI: '/apis/apps/v1/namespaces/shop/deployments',
    objectRef: { resource: 'deployments', apiGroup: 'apps', namespace: 'shop', name: 'web' },
    responseStatus: { code: 201 },
    ...fields,
  })
const recorded = deployment({
  level: 'RequestResponse',
  requestObject: { spec: { template: { spec: { containers: [{ name: 'a', image: 'a' }] } } } },
})
/** Nothing but Metadata, at all stages that matter. */
const poor = [
  ...Array<string>(24).fill(deployment()),
  eventLine({ verb: 'watch', stage: 'ResponseStarted', objectRef: { resource: 'pods' } }),
].join('\n')

const said =
  /Blind spot: (\d+) of (\d+) guardrails need requestObject; 100% of the events are at Metadata level\n {2}(.*)/

describe('what the log cannot show is said', () => {
  test('at the end of the pretty report, with the guardrails that see nothing', async () => {
    const { stdout, code } = await cli(['scan', '-'], { stdin: poor })
    const [, blind, all, ids] = said.exec(stdout)!
    const names = ids!.split(', ')
    expect(names).toHaveLength(Number(blind))
    expect(Number(all)).toBeGreaterThan(Number(blind))
    expect(names).toContain('privileged-container')
    expect(names).not.toContain('pod-exec')
    expect(stdout.trimEnd().endsWith(ids!)).toBe(true)
    expect(code).toBe(0)
  })

  test('in json, in the summary of jsonl, in markdown and in SARIF', async () => {
    const json = await cli(['scan', '-', '-f', 'json'], { stdin: poor })
    const [spot, ...more] = JSON.parse(json.stdout).summary.blindSpots
    expect(more).toEqual([])
    expect(spot).toEqual({
      needs: 'requestObject',
      guardrails: expect.arrayContaining(['privileged-container', 'wildcard-role']),
      of: expect.any(Number),
      share: 1,
    })
    const jsonl = await cli(['scan', '-', '-f', 'jsonl', '--summary'], { stdin: poor })
    expect(jsonl.json().at(-1)).toMatchObject({ summary: { blindSpots: [spot] } })
    const markdown = await cli(['scan', '-', '-f', 'markdown'], { stdin: poor })
    expect(markdown.stdout).toMatch(
      /\*\*Blind spot:\*\* \d+ of \d+ guardrails need requestObject; /,
    )
    const sarif = await cli(['scan', '-', '-f', 'sarif'], { stdin: poor })
    expect(JSON.parse(sarif.stdout).runs[0].invocations).toEqual([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          {
            level: 'warning',
            descriptor: { id: 'BLIND_SPOT' },
            message: { text: expect.stringMatching(/^\d+ of \d+ guardrails need .*wildcard-role/) },
          },
        ],
      },
    ])
  })

  test('only of the guardrails that are used', async () => {
    const one = await cli(['scan', '-', '--only', 'wildcard-role'], { stdin: poor })
    expect(one.stdout).toContain(
      'Blind spot: 1 of 1 guardrails needs requestObject; 100% of the events are at Metadata level\n  wildcard-role\n',
    )
    const none = await cli(['scan', '-', '--only', 'pod-exec'], { stdin: poor })
    expect(none.stdout).not.toContain('Blind spot')
  })

  test('where a stage is missing', async () => {
    const stdin = Array<string>(20).fill(recorded).join('\n')
    const { stdout } = await cli(['scan', '-'], { stdin })
    expect(stdout).toContain(
      'guardrails needs events at stage ResponseStarted; there are none\n  invalid-credentials\n',
    )
    const started = await cli(['scan', '-'], {
      stdin: stdin.replaceAll('ResponseComplete', 'ResponseStarted'),
    })
    expect(started.stdout).toMatch(
      /\d+ of \d+ guardrails need events at stage ResponseComplete; there are none\n.*privileged-container/,
    )
  })

  test('whatever is wrapped around the events', async () => {
    const stdin = poor
      .split('\n')
      .map((log) => JSON.stringify({ category: 'kube-audit', properties: { log } }))
      .join('\n')
    expect((await cli(['scan', '-'], { stdin })).stdout).toMatch(said)
  })
})

describe('nothing is said', () => {
  test('where bodies are recorded for what guardrails look at', async () => {
    const stdin = `${poor.replaceAll('create', 'list')}\n${recorded}\n`
    const { stdout } = await cli(['scan', '-', '--only', 'privileged-container'], { stdin })
    expect(stdout).not.toContain('Blind spot')
  })

  test('of the recording, whose policy records everything', async () => {
    const { stdout } = await cli(['scan', recording, '-f', 'json', '--fail-on', 'none'])
    expect(JSON.parse(stdout).summary).not.toHaveProperty('blindSpots')
  })

  test('of an empty log', async () => {
    expect((await cli(['scan', '-'], { stdin: '' })).stdout).not.toContain('Blind spot')
  })
})

if (corpusMissing()) process.stdout.write(`not on public logs: ${corpusMissing()}\n`)

test.skipIf(!existsSync(corpus))(
  'a public log at Metadata level, half of it requests',
  async () => {
    const log = path.join(corpus, 'benign-minikube.jsonl')
    const { stdout } = await cli(['scan', log])
    expect(stdout).toMatch(said)
  },
)
