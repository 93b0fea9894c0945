import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { main } from '../../src/main.ts'

export const root: string = path.resolve(import.meta.dirname, '../..')
export const recording: string = path.join(root, 'test/recordings/cluster.jsonl')

export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** stdout's lines, each parsed as JSON. */
  json(): Record<string, unknown>[]
}

export interface CliOptions {
  readonly stdin?: string | Uint8Array
  /** Standard input is a terminal. */
  readonly tty?: boolean
  readonly cwd?: string
  readonly env?: Record<string, string>
  readonly signal?: AbortSignal
}

class Collector extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

/** Runs one command line in this process, on streams of its own. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const stdout = new Collector()
  const stderr = new Collector()
  const input = options.stdin === undefined ? [] : [Buffer.from(options.stdin)]
  const code = await main(args, {
    stdin: Object.assign(Readable.from(input), { isTTY: options.tty === true }),
    stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? root,
    signal: options.signal ?? new AbortController().signal,
  })
  return {
    code,
    stdout: stdout.text,
    stderr: stderr.text,
    json: () =>
      stdout.text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

/** A folder with these files, in folders of their own where their names have them; gone after the test. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const made = mkdtempSync(path.join(tmpdir(), 'parapet-test-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(made, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return made
}

/** An audit event with these fields over ordinary ones, as one line. */
export function eventLine(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: '11111111-2222-3333-4444-555555555555',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/pods/web-0/exec?command=sh',
    verb: 'create',
    user: { username: 'alice@example.com', groups: ['system:authenticated'] },
    sourceIPs: ['192.0.2.7'],
    userAgent: 'kubectl/v1.34.0',
    objectRef: { resource: 'pods', namespace: 'shop', name: 'web-0', subresource: 'exec' },
    responseStatus: { code: 101 },
    requestReceivedTimestamp: '2026-11-24T10:00:00.000000Z',
    stageTimestamp: '2026-11-24T10:00:01.000000Z',
    ...fields,
  })
}
