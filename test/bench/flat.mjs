// Nanoseconds an event with 10, 100 and 1,000 guardrails none of which matches: what the index costs
// as guardrails grow. `node test/bench/flat.mjs LOG`, after `npm run build`; LOG is JSON lines, for
// example those of generate-events.mjs. Each pass is measured in turn, so that the ratios count.
import { readFileSync } from 'node:fs'
import { Scanner } from '../../dist/audit/scanner/scanner.js'
import { EventIndex } from '../../dist/rego/event-index.js'
import { compare, elementPath, eventPath, not, some, test } from '../../dist/residual/residual.js'

const PASSES = 12
const PIECE_BYTES = 512 * 1024
const log = readFileSync(process.argv[2])
const [resource, namespace, name] = ['resource', 'namespace', 'name'].map((field) =>
  eventPath('objectRef', field),
)
const verb = eventPath('verb')
const user = eventPath('user', 'username')
const code = eventPath('responseStatus', 'code')
const image = compare(elementPath(1, 'image'), 'contains', 'bad')

/** Guardrails of every kind that the index tells apart, each with values of its own. */
const kinds = [
  (i) => [compare(resource, 'equal', 'pods'), compare(namespace, 'equal', `team-${i}`)],
  (i) => [compare(resource, 'in', [`a${i}`, `b${i}`]), compare(verb, 'in', ['create', 'patch'])],
  (i) => [compare(user, 'equal', `user${i}@example.com`), compare(resource, 'equal', 'secrets')],
  (i) => [
    compare(user, 'startsWith', `system:serviceaccount:ns${i}:`),
    not([compare(verb, 'in', ['get', 'list', 'watch'])]),
  ],
  (i) => [
    some(eventPath('sourceIPs'), [compare(elementPath(1), 'startsWith', `192.0.${i % 256}.`)]),
    compare(code, 'equal', 200),
  ],
  (i) => [
    compare(namespace, 'equal', `prod-${i}`),
    some(eventPath('requestObject', 'spec', 'containers'), [image]),
  ],
  (i) => [compare(name, 'endsWith', `-secret${i}`), test(user, 'defined')],
]

const scanners = [10, 100, 1000].map((count) => {
  const started = performance.now()
  const rules = Array.from({ length: count }, (_, i) => ({
    residual: [kinds[i % kinds.length](i)],
  }))
  const index = new EventIndex(rules, () => undefined)
  const scanner = new Scanner(index)
  return { count, index, scanner, setup: performance.now() - started, passes: [] }
})
for (let pass = 0; pass < PASSES; pass++) for (const one of scanners) one.passes.push(goOver(one))

for (const { count, setup, passes } of scanners) {
  const [first, ...rest] = passes
  const best = Math.min(...rest)
  const ratio = best / Math.min(...scanners[0].passes.slice(1))
  console.log(
    `${count} guardrails: ${best.toFixed(0)} ns an event (${ratio.toFixed(2)} times the first), ` +
      `${first.toFixed(0)} while it learns, ${setup.toFixed(0)} ms to set up`,
  )
}

function goOver({ scanner, index }) {
  let lines = 0
  const sink = {
    settle() {},
    doubt: () => true,
    candidate({ answer, spans }) {
      if (index.candidates(answer, spans).length > 0) throw new Error('a guardrail matches')
    },
  }
  const started = performance.now()
  for (let at = 0; at < log.length;) {
    const end = log.lastIndexOf(0x0a, Math.min(at + PIECE_BYTES, log.length) - 1) + 1
    if (end <= at) break
    const scanned = scanner.scan(log, at, end, sink)
    lines += scanned.lines
    at = scanned.end
  }
  return ((performance.now() - started) * 1e6) / lines
}
