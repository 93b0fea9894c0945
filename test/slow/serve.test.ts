import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { Agent, get, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readBundle } from '../../src/bundle/read.ts'
import { jsonFile, packBundle } from '../../src/bundle/write.ts'
import { parseJson } from '../../src/bundle/json.ts'

const root = path.resolve(import.meta.dirname, '../..')
const CLIENTS = 500
const folder = mkdtempSync(path.join(tmpdir(), 'parapet-serve-'))
const file = path.join(folder, 'prod.tar.gz')

function archive(value: number): Uint8Array {
  const noise = Array.from({ length: 8_000 }, () => Math.random().toString(36).slice(2)).join('')
  return packBundle([
    { name: '/data.json', bytes: jsonFile(parseJson(JSON.stringify({ value, noise }))) },
  ])
}

function publish(value: number): void {
  writeFileSync(`${file}.new`, archive(value))
  renameSync(`${file}.new`, file)
}

/** `parapet serve` as its own process, from `dist`. */
class ServeProcess {
  readonly #process: ChildProcess
  readonly url: string

  private constructor(process: ChildProcess, url: string) {
    this.#process = process
    this.url = url
  }

  static async start(): Promise<ServeProcess> {
    const args = [path.join(root, 'bin/parapet.cjs'), 'serve', file, '--listen', '127.0.0.1:0']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    for await (const chunk of child.stderr) {
      output += String(chunk)
      const url = /listening on (\S+)/.exec(output)?.[1]
      if (url) {
        child.stderr.resume()
        return new ServeProcess(child, url)
      }
    }
    throw new Error(`the server did not start: ${output}`)
  }

  /** Resident memory in MiB. */
  get memory(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1024
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

function poll(url: string, agent: Agent | false, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = get(`${url}/bundles/prod`, { agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        if (response.complete)
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks),
          })
        else reject(new Error('cut off'))
      })
    })
    sent.on('error', reject)
  })
}

let server: ServeProcess
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => server.kill())

describe('a server with many clients', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  beforeAll(() => publish(0))
  afterAll(() => agent.destroy())

  test(`tells ${CLIENTS} waiting clients of a new revision within two seconds`, async () => {
    server = await ServeProcess.start()
    const { etag } = (await poll(server.url, agent, {})).headers
    const waiting = Array.from({ length: CLIENTS }, () =>
      poll(server.url, agent, { 'if-none-match': etag!, prefer: 'wait=60' }),
    )
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const start = performance.now()
    publish(1)
    const answers = await Promise.all(waiting)
    const ms = performance.now() - start
    process.stdout.write(`${CLIENTS} clients had the new revision after ${Math.round(ms)} ms\n`)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(ms).toBeLessThan(2000)
  })

  test('needs no more memory after 10,000 polls than after the first 2,000', async () => {
    server = await ServeProcess.start()
    const { etag } = (await poll(server.url, agent, {})).headers
    const round = async (): Promise<void> => {
      const polls = Array.from({ length: CLIENTS }, () =>
        poll(server.url, agent, { 'if-none-match': etag!, prefer: 'wait=1' }),
      )
      for (const { status } of await Promise.all(polls)) expect(status).toBe(304)
    }
    for (let i = 0; i < 4; i += 1) await round()
    const before = server.memory
    for (let i = 0; i < 16; i += 1) await round()
    const after = server.memory
    process.stdout.write(
      `resident memory: ${before.toFixed(0)} MiB after 2,000 polls, ${after.toFixed(0)} MiB after 10,000\n`,
    )
    expect(after - before).toBeLessThan(30)
  })
})

test('a server that is killed while a bundle is written never serves half of one', async () => {
  publish(1000)
  for (let round = 1; round <= 12; round += 1) {
    server = await ServeProcess.start()
    const bytes = archive(round)
    const seen: Promise<unknown>[] = []
    // In place and in pieces, as a careless copy writes it; the server dies in between.
    truncateSync(file, 0)
    const pieces = Math.ceil(bytes.length / 4096)
    for (let piece = 0; piece < pieces; piece += 1) {
      appendFileSync(file, bytes.subarray(piece * 4096, (piece + 1) * 4096))
      if (piece % 4 === 0) seen.push(poll(server.url, false, {}).catch(() => undefined))
      if (piece === Math.floor((pieces * round) / 13)) await server.kill()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    for (const answer of (await Promise.all(seen)) as (Answer | undefined)[])
      if (answer?.status === 200) await readBundle(answer.body, { file: `round ${round}` })
    server = await ServeProcess.start()
    const { status, body } = await poll(server.url, false, {})
    expect(status).toBe(200)
    expect((await readBundle(body, { file: 'again' })).bundle.data['value']).toBe(round)
    await server.kill()
  }
})
