import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A port on the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A real registry (distribution v3) with a folder of its own. */
export class RegistryProcess {
  readonly host: string
  readonly folder: string
  readonly #process: ChildProcess

  private constructor(host: string, folder: string, process: ChildProcess) {
    this.host = host
    this.folder = folder
    this.#process = process
  }

  /** @param auth the `auth` part of its configuration, of JSON; files beside it by name */
  static async start(
    program: string,
    auth?: object,
    files: Readonly<Record<string, string>> = {},
  ): Promise<RegistryProcess> {
    const folder = mkdtempSync(path.join(tmpdir(), 'parapet-registry-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
    const host = `127.0.0.1:${await freePort()}`
    const config = {
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: path.join(folder, 'data') } },
      http: { addr: host },
      ...(auth ? { auth: JSON.parse(JSON.stringify(auth).replaceAll('FOLDER', folder)) } : {}),
    }
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config))
    const child = spawn(program, ['serve', path.join(folder, 'config.json')], {
      stdio: 'ignore',
      env: { OTEL_TRACES_EXPORTER: 'none' },
    })
    const started = new RegistryProcess(host, folder, child)
    for (let attempt = 0; ; attempt += 1) {
      const status = await fetch(`http://${host}/v2/`).then(
        (response) => response.status,
        () => 0,
      )
      if (status > 0) return started
      if (attempt === 200 || child.exitCode !== null) throw new Error('the registry did not start')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL')
      await once(this.#process, 'exit')
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}
