import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { recording, root } from '../support/cli.ts'

const LOG_BYTES = 2_000_000_000
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

test.skipIf(!existsSync('/proc/self/status'))(
  'a log of 2 GB is scanned in less than 300 MB',
  async () => {
    const block = readFileSync(recording)
    const child = spawn(
      process.execPath,
      [
        path.join(root, 'dist/cli.js'),
        'scan',
        '-',
        '--format',
        'jsonl',
        '--summary',
        '--fail-on',
        'none',
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    let tail = ''
    child.stdout!.on('data', (text: Buffer) => {
      tail = (tail + text.toString()).slice(-2_000)
    })
    const highest = await feed(child, block, LOG_BYTES)
    child.stdin!.end()
    const [code] = await once(child, 'close')
    const { summary } = JSON.parse(tail.trimEnd().split('\n').at(-1)!)
    const copies = Math.ceil(LOG_BYTES / block.length)
    expect({ code, events: summary.events }).toEqual({ code: 0, events: 951 * copies })
    expect(highest).toBeLessThan(PEAK_BYTES_MAX)
  },
)
