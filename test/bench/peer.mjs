// `node peer.mjs KIND LOG [policy.wasm DATA DECISION]`: goes over all lines of a log, once to warm up
// and once on the clock, and prints `{events, seconds, cpu}`. What is loaded before is not counted.
import { readFileSync } from 'node:fs'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { prove, provedEvent } from '../../dist/audit/prove.js'
import { Policy } from '../../dist/rego/policy.js'

const [kind, log, wasm, data, decision] = process.argv.slice(2)
const bytes = readFileSync(log)
const lines = linesOf(bytes)
const decoder = new TextDecoder()

const kinds = {
  /** As its README says to use it. */
  async 'opa-wasm'() {
    const policy = await loadPolicy(readFileSync(wasm))
    policy.setData(JSON.parse(readFileSync(data, 'utf8')))
    const entrypoint = policy.entrypoints[decision]
    return () => {
      for (const line of lines) policy.evaluate(JSON.parse(decoder.decode(line)), entrypoint)
    }
  },
  /** One evaluation of the bytes as they stand, which are proved to be one JSON object. */
  async opa_eval() {
    const known = JSON.parse(readFileSync(data, 'utf8'))
    const policy = await Policy.load(readFileSync(wasm), { data: known })
    const entrypoint = policy.entrypoint(decision)
    return () => {
      for (const line of lines) {
        if (prove(line, 0, line.length) !== 0) throw new Error('a line is no plain JSON object')
        policy.decide(entrypoint, provedEvent(line, 0, line.length))
      }
    }
  },
  'JSON.parse': () => () => {
    for (const line of lines) JSON.parse(decoder.decode(line))
  },
  newlines: () => () => {
    for (let at = 0; (at = bytes.indexOf(0x0a, at) + 1) > 0;);
  },
}

const run = await kinds[kind]()
run()
const used = process.cpuUsage()
const started = performance.now()
run()
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(used)
console.log(JSON.stringify({ events: lines.length, seconds, cpu: (user + system) / 1e6 }))

function linesOf(buffer) {
  const found = []
  for (let at = 0; at < buffer.length;) {
    const end = buffer.indexOf(0x0a, at)
    found.push(buffer.subarray(at, end))
    at = end + 1
  }
  return found
}
