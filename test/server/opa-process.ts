import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'

/** A real OPA server that runs with a configuration and listens on a socket in a folder. */
export class OpaProcess {
  readonly #process: ChildProcess
  readonly #socket: string
  #output = ''

  private constructor(process: ChildProcess, socket: string) {
    this.#process = process
    this.#socket = socket
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
      })
  }

  static async start(opa: string, folder: string, config: string): Promise<OpaProcess> {
    writeFileSync(path.join(folder, 'opa.yaml'), config)
    const socket = path.join(folder, 'opa.sock')
    const args = [
      'run',
      '--server',
      '--addr',
      `unix://${socket}`,
      '--config-file',
      path.join(folder, 'opa.yaml'),
    ]
    const child = spawn(opa, [...args, '--disable-telemetry'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: folder,
    })
    const started = new OpaProcess(child, socket)
    await started.until('it answers', async () => (await started.get('/health')).status === 200)
    return started
  }

  /** What it printed so far. */
  get output(): string {
    return this.#output
  }

  get(target: string): Promise<{ status: number; body: string }> {
    return this.#send('GET', target, undefined)
  }

  /** The result of a decision on an input, given as JSON text. */
  async decide(decision: string, input: string): Promise<unknown> {
    const { body } = await this.#send('POST', `/v1/data/${decision}`, `{"input":${input}}`)
    return (JSON.parse(body) as { result?: unknown }).result
  }

  /** Asks again until the answer is yes; fails with what OPA printed. */
  async until(what: string, ask: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
    const end = performance.now() + ms
    while (performance.now() < end) {
      if (this.#process.exitCode !== null) break
      if (await Promise.resolve(ask()).catch(() => false)) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`OPA did not get to where ${what}:\n${this.#output.slice(-4000)}`)
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }

  #send(
    method: string,
    target: string,
    body: string | undefined,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          socketPath: this.#socket,
          path: target,
          method,
          headers: { 'content-type': 'application/json' },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () =>
            resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }),
          )
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }
}
