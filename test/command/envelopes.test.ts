import { existsSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, folder, recording } from '../support/cli.ts'
import { auditEvents, corpus, corpusMissing } from '../support/logs.ts'

const exec = (auditID: string): string => eventLine({ auditID })
const record = (log: unknown): object => ({ category: 'kube-audit', properties: { log } })
const subscription = (...messages: string[]): string =>
  JSON.stringify({
    messageType: 'DATA_MESSAGE',
    logEvents: messages.map((message, i) => ({ id: String(i), timestamp: 1, message })),
  })

/** `auditID file:line` of each finding. */
async function findings(files: Record<string, string | Uint8Array>): Promise<string[]> {
  const { json, code } = await cli(['scan', ...Object.keys(files), '-f', 'jsonl'], {
    cwd: folder(files),
  })
  expect(code).toBe(0)
  return json().map(({ auditID, file, line }) => `${auditID} ${file}:${line}`)
}

describe('records of providers', () => {
  test('findings name the file and line of the record', async () => {
    const found = await findings({
      'aks.jsonl': `${JSON.stringify(record(exec('a')))}\n${JSON.stringify(record(JSON.parse(exec('b'))))}\n`,
      'records.json': JSON.stringify({ records: [record(exec('c')), record(exec('d'))] }, null, 2),
      'eks.log': `2026-11-24T10:00:01.000Z ${exec('e')}\n2026-11-24T10:00:02.000Z ${exec('f')}\n`,
      'subscription.json': subscription(exec('g'), exec('h')),
      'firehose.gz': Buffer.concat([
        gzipSync(subscription(exec('i'))),
        gzipSync(subscription(exec('j'))),
      ]),
    })
    expect(found).toEqual([
      'a aks.jsonl:1',
      'b aks.jsonl:2',
      'c records.json:6',
      'd records.json:12',
      'e eks.log:1',
      'f eks.log:2',
      'g subscription.json:1',
      'h subscription.json:1',
      'i firehose.gz:1',
      'j firehose.gz:1',
    ])
  })

  test('a whole log gives the same findings in each of them', async () => {
    const events = auditEvents(recording).map((bytes) => Buffer.from(bytes).toString())
    const forms: Record<string, string> = {
      plain: events.join('\n'),
      text: events.map((event) => JSON.stringify(record(`${event}\n`))).join('\n'),
      object: events.map((event) => JSON.stringify(record(JSON.parse(event)))).join('\n'),
      stamped: events.map((event) => `2026-11-24T10:00:01.000Z ${event}`).join('\n'),
      subscription: events.map((event) => subscription(event)).join(''),
      list: `{"items":[${events.join(',')}],"kind":"EventList"}`,
    }
    const prints = new Set<string>()
    for (const stdin of Object.values(forms)) {
      const { json } = await cli(['scan', '-', '-f', 'jsonl', '--fail-on', 'none'], { stdin })
      prints.add(
        json()
          .map(({ fingerprint }) => fingerprint)
          .join('\n'),
      )
    }
    expect(prints.size).toBe(1)
    expect([...prints][0]!.split('\n').length).toBeGreaterThan(50)
  })

  test('other logs are passed over, and named', async () => {
    const guard = JSON.stringify({ category: 'guard', properties: { log: 'I0508' } })
    const { code, stderr, json } = await cli(['scan', '-', '-f', 'jsonl'], {
      stdin: `${guard}\n${guard}\n${subscription('CWL CONTROL MESSAGE: Checking', exec('a'))}`,
    })
    expect(stderr).toBe(
      '<stdin>: entries of other logs than the audit log were passed over: 2 guard, 1 messages that are not JSON\n',
    )
    expect(json()).toHaveLength(1)
    expect(code).toBe(0)
  })

  test('an event that is cut off inside of its record is incomplete', async () => {
    const cut = JSON.stringify(record(exec('a').slice(0, 100)))
    const { code, stderr } = await cli(['scan', '-'], { stdin: `${exec('b')}\n${cut}\n` })
    expect(stderr).toContain('<stdin>:2: error: it ends too early and looks truncated')
    expect(code).toBe(2)
  })
})

if (corpusMissing()) process.stdout.write(`not on public logs: ${corpusMissing()}\n`)

describe.skipIf(!existsSync(corpus))('public logs of providers', () => {
  test('AKS: every record is an event', async () => {
    const args = ['scan', path.join(corpus, 'provider-aks.jsonl'), '-f', 'jsonl', '--summary']
    const { json, code, stderr } = await cli([...args, '--fail-on', 'none'])
    expect(json().at(-1)).toMatchObject({ summary: { events: 23, malformed: 0 } })
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  test('GKE: refused once, with advice', async () => {
    const log = path.join(corpus, 'provider-gke.jsonl')
    const { code, stdout, stderr } = await cli(['scan', log, '-f', 'jsonl', '--summary'])
    const [error, ...more] = stderr.split('\n').filter(Boolean)
    expect(more).toEqual([])
    expect(JSON.parse(error!)).toEqual({
      error: {
        code: 'NOT_AN_EVENT',
        message: expect.stringContaining('a Google Cloud log entry, not an audit event'),
        file: log,
        line: 1,
        help: expect.stringContaining('k8saudit-gke'),
      },
    })
    expect(JSON.parse(stdout)).toMatchObject({ summary: { events: 0, findings: 0 } })
    expect(code).toBe(2)
  })
})
