import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { recording, root } from '../support/cli.ts'

const LOG_BYTES = 2_000_000_000
/** Of each thread that evaluates. */
const PEAK_BYTES_MAX = 300_000_000

/** Highest resident memory of a process so far, in bytes, as Linux counts it. */
function peak(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

async function feed(child: ChildProcess, block: Buffer, total: number): Promise<number> {
  let highest = 0
  for (let sent = 0; sent < total; sent += block.length) {
    if (!child.stdin!.write(block)) await once(child.stdin!, 'drain')
    highest = Math.max(highest, peak(child.pid!))
  }
  return highest
}

describe.skipIf(!existsSync('/proc/self/status'))('a log of 2 GB is scanned', () => {
  const block = readFileSync(recording)
  const copies = Math.ceil(LOG_BYTES / block.length)
  const start = (log: string, workers: number): ChildProcess => {
    const how = ['--format', 'jsonl', '--summary', '--fail-on', 'none', '--workers', `${workers}`]
    return spawn(process.execPath, [path.join(root, 'bin/parapet.cjs'), 'scan', log, ...how], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
  }
  /** The end of a process, and the last of what it prints. */
  const ended = async (child: ChildProcess): Promise<{ code: unknown; events: unknown }> => {
    let tail = ''
    child.stdout!.on('data', (text: Buffer) => {
      tail = (tail + text.toString()).slice(-2_000)
    })
    const [code] = await once(child, 'close')
    const { summary } = JSON.parse(tail.trimEnd().split('\n').at(-1)!)
    return { code, events: summary.events }
  }

  test.each([1, 2])('from a pipe by %i in less than 300 MB each', async (workers) => {
    const child = start('-', workers)
    const end = ended(child)
    const highest = await feed(child, block, LOG_BYTES)
    child.stdin!.end()
    expect(await end).toEqual({ code: 0, events: 951 * copies })
    expect(highest).toBeLessThan(PEAK_BYTES_MAX * workers)
  })

  test('from a file by 2 in less than 300 MB each', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'parapet-memory-'))
    try {
      const file = path.join(folder, 'audit.log')
      for (let copy = 0; copy < copies; copy++) appendFileSync(file, block)
      const child = start(file, 2)
      let highest = 0
      const timer = setInterval(() => (highest = Math.max(highest, peak(child.pid!))), 20)
      expect(await ended(child)).toEqual({ code: 0, events: 951 * copies })
      clearInterval(timer)
      expect(highest).toBeGreaterThan(0)
      expect(highest).toBeLessThan(PEAK_BYTES_MAX * 2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('is interrupted in good order while threads are at work', async () => {
    const child = start('-', 2)
    let report = ''
    child.stdout!.on('data', (text: Buffer) => (report += text.toString()))
    // Behind this much, threads do the work.
    await feed(child, block, 500_000_000)
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    const lines = report.trimEnd().split('\n')
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  })
})
