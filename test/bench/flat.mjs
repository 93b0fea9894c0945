// What guardrails cost on events that none of them matches, as they grow from 10 to 1,000: the scanner
// and the index alone, in one thread. Each pass is measured in turn, so that the ratios count.
import { readFileSync } from 'node:fs'
import { Scanner } from '../../dist/audit/scanner/scanner.js'
import { EventIndex } from '../../dist/rego/event-index.js'
import { compare, elementPath, eventPath, not, some, test } from '../../dist/residual/residual.js'

const PASSES = 12
const PIECE_BYTES = 512 * 1024
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

/**
 * Goes over a log of JSON lines with sets of guardrails, which grow.
 * @returns for each set the nanoseconds that an event takes, at first and when the scanner has learned
 */
export function measureFlat(file, counts = [10, 100, 1000]) {
  const log = readFileSync(file)
  const sets = counts.map((count) => ({ count, ...scannerFor(count), passes: [] }))
  for (let pass = 0; pass < PASSES; pass++) {
    for (const set of sets) set.passes.push(goOver(log, set))
  }
  return sets.map(({ count, setup, passes: [first, ...rest] }) => {
    return { count, setup, first, learned: Math.min(...rest) }
  })
}

function scannerFor(count) {
  const started = performance.now()
  const rules = Array.from({ length: count }, (_, i) => ({
    residual: [kinds[i % kinds.length](i)],
  }))
  const index = new EventIndex(rules, () => undefined)
  return { index, scanner: new Scanner(index), setup: performance.now() - started }
}

function goOver(log, { scanner, index }) {
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
