import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isExact } from '../../src/residual/opaque.ts'
import type { Json } from '../../src/residual/residual.ts'
import { root } from '../support/cli.ts'
import { compilePack, type Pack } from '../support/pack.ts'
import { hasToolchain } from '../toolchain/support.ts'
import { boundaryEvents } from './boundary-events.ts'
import { filledData, PackOracle } from './pack.ts'

const corpus = path.join(root, '../shared/corpus')
const hasCorpus = existsSync(corpus)
if (!hasCorpus) process.stderr.write('skipped: no ../shared/corpus with events of other clusters\n')

function linesOf(file: string): string[] {
  const isEvent = (line: string): boolean => {
    try {
      return typeof JSON.parse(line) === 'object'
    } catch {
      return false
    }
  }
  return readFileSync(file, 'utf8').split('\n').filter(isEvent)
}

describe.skipIf(!hasToolchain)('residuals of the built-in guardrails', () => {
  let pack: Pack
  const oracles: PackOracle[] = []
  beforeAll(async () => {
    pack = await compilePack()
    for (const data of [pack.data as Json, filledData])
      oracles.push(await PackOracle.open(pack, data))
  })
  afterAll(() => pack?.toolchain.close())

  test('say of recorded events what OPA says, with the defaults and with lists that are filled', async () => {
    const lines = linesOf(path.join(root, 'test/recordings/cluster.jsonl'))
    expect(lines.length).toBeGreaterThan(900)
    for (const oracle of oracles) await expect(oracle.check(lines)).resolves.toBeUndefined()
  })

  test.skipIf(!hasCorpus).each(['falco-traces', 'audit2rbac-demo', 'provider-aks', 'provider-gke'])(
    'say of the events of %s what OPA says',
    async (name) => {
      const lines = linesOf(path.join(corpus, `${name}.jsonl`))
      expect(lines.length).toBeGreaterThan(0)
      for (const oracle of oracles) await expect(oracle.check(lines)).resolves.toBeUndefined()
    },
  )

  test('say of events around their boundaries what OPA says', async () => {
    const bases = linesOf(path.join(root, 'test/recordings/cluster.jsonl')).map(
      (line) => JSON.parse(line) as Json,
    )
    for (const oracle of oracles) {
      const property = fc.asyncProperty(boundaryEvents(oracle.residuals, bases, 50), (lines) =>
        oracle.check(lines),
      )
      await expect(fc.assert(property, { numRuns: 12 })).resolves.toBeUndefined()
    }
  })

  test('are read, none given up as a whole', () => {
    const given = pack.compiled.residuals.filter(({ residual }) =>
      residual.some((conjunction) => conjunction.length === 1 && conjunction[0]!.kind === 'opaque'),
    )
    expect(given.map(({ entrypoint }) => entrypoint)).toEqual([])
  })

  test('are exact, but for guardrails that compute', () => {
    const inexact = pack.compiled.guardrails.flatMap(({ id }, i) =>
      isExact(pack.compiled.residuals[i]!.residual) ? [] : [id],
    )
    expect(inexact).toEqual([
      // Arithmetic with the time of day.
      'outside-business-hours',
      // The full name of an image, put together from a name that may lack its registry.
      'untrusted-image',
    ])
  })

  test('follow from the event and data alone', () => {
    expect(pack.compiled.residuals.filter(({ pure }) => !pure)).toEqual([])
  })

  test('take little room in the manifest', () => {
    const { residuals } = pack.compiled.manifest['metadata'] as { residuals: object }
    expect(JSON.stringify(residuals).length).toBeLessThan(100_000)
  })
})
