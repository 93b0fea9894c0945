// Measures audit input on built code: the proof alone, the splitter alone, both, and reading files.
//
//   npm run build && node test/bench/audit.mjs [FILE]
//
// Without FILE on the reference workload, of which 100,000 events are generated into a temporary
// folder. Each figure is the median of several rounds in one process, in turn; compare CPU times where
// the machine is busy with other things, and ratios in any case.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = new URL(process.env.PARAPET_DIST ?? '../../dist/', import.meta.url)
const { prove, PLAIN } = await import(new URL('audit/prove.js', dist))
const { EventSplitter } = await import(new URL('audit/split.js', dist))
const { openInputs } = await import(new URL('io/input/inputs.js', dist))

const ROUNDS = 7
const CHUNK = 512 * 1024
const folder = mkdtempSync(path.join(tmpdir(), 'parapet-bench-'))
try {
  const file = process.argv[2] ?? generate()
  const bytes = readFileSync(file)
  const packed = path.join(folder, 'packed.log.gz')
  writeFileSync(packed, gzipSync(bytes, { level: 6 }))
  await measure(file, packed, bytes)
} finally {
  rmSync(folder, { recursive: true })
}

function generate() {
  execFileSync(
    process.execPath,
    [path.join(import.meta.dirname, 'generate-events.mjs'), '100000'],
    {
      cwd: folder,
    },
  )
  return path.join(folder, 'events.jsonl')
}

async function measure(file, packed, bytes) {
  const ranges = []
  split(bytes, (_bytes, start, end) => ranges.push(start, end), bytes.length)
  const events = ranges.length / 2
  let unusual = 0
  const proved = (buffer, start, end) => {
    if (prove(buffer, start, end) !== PLAIN) unusual += 1
  }
  const tasks = {
    'JSON.parse of each line': () => {
      for (let i = 0; i < ranges.length; i += 2)
        JSON.parse(bytes.latin1Slice(ranges[i], ranges[i + 1]))
    },
    'proof alone': () => {
      for (let i = 0; i < ranges.length; i += 2) proved(bytes, ranges[i], ranges[i + 1])
    },
    'splitter alone': () => split(bytes, () => {}),
    'splitter and proof': () => split(bytes, proved),
    'file, splitter and proof': () => readAll(file, proved),
    'gzip file, splitter and proof': () => readAll(packed, proved),
  }
  const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, task] of Object.entries(tasks)) {
      const cpu = process.cpuUsage()
      const started = performance.now()
      await task()
      const { user, system } = process.cpuUsage(cpu)
      times[name].push({ wall: performance.now() - started, cpu: (user + system) / 1000 })
    }
  }
  console.log(`${events} events, ${(bytes.length / 1e6).toFixed(1)} MB, Node ${process.version}`)
  for (const [name, all] of Object.entries(times)) {
    const [wall, cpu] = ['wall', 'cpu'].map((key) => median(all.map((time) => time[key])))
    const each = (time) => ((time / events) * 1000).toFixed(2).padStart(6)
    const rate = String(Math.round(bytes.length / 1e3 / wall)).padStart(6)
    console.log(`${name.padEnd(30)}${each(wall)} µs an event, ${each(cpu)} µs of CPU, ${rate} MB/s`)
  }
  if (unusual > 0) console.log(`${unusual} proofs did not find a plain event`)
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1]
}

function split(bytes, event, size = CHUNK) {
  const splitter = new EventSplitter({ event, malformed() {} }, { file: 'bench' })
  for (let i = 0; i < bytes.length; i += size) splitter.push(bytes.subarray(i, i + size))
  splitter.end()
}

async function readAll(file, event) {
  const { inputs } = await openInputs([file], { cwd: '/', stdin: [] })
  const splitter = new EventSplitter({ event, malformed() {} }, { file })
  for await (const chunk of inputs[0].chunks()) splitter.push(chunk)
  splitter.end()
}
