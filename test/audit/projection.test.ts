import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PLAIN, prove } from '../../src/audit/prove.ts'
import { Scanner } from '../../src/audit/scanner/scanner.ts'
import { bytesOf, spelt } from './events.ts'
import { everything } from './scanning.ts'

type Paths = readonly (readonly string[])[]

/** What is projected of lines, parsed; undefined where nothing is. */
function project(
  lines: readonly Uint8Array[],
  projections: readonly Paths[],
  { watched = projections.flat(), presence = [] }: { watched?: Paths; presence?: Paths } = {},
): unknown[][] {
  const scanner = new Scanner(everything([['verb']]), [...watched, ...presence])
  const wanted = projections.map((paths) => ({ paths, presence }))
  const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
  const found: unknown[][] = []
  scanner.scan(bytes, 0, bytes.length, {
    candidate(candidate) {
      found[candidate.line] = wanted.map((projection) => {
        const projected = candidate.project(projection)
        if (!projected) return undefined
        expect(prove(projected, 0, projected.length)).toBe(PLAIN)
        return JSON.parse(Buffer.from(projected).toString())
      })
    },
    settle() {},
    doubt: () => true,
  })
  return found
}

/** The same by hand: the values at the paths, in objects that are there whether or not the event has them. */
function expected(event: unknown, paths: Paths): unknown {
  const result: Record<string, unknown> = {}
  // A path covers what is below it.
  const shortest = paths.filter(
    (one) =>
      !paths.some(
        (other) => other.length < one.length && other.every((name, i) => name === one[i]),
      ),
  )
  for (const names of shortest) {
    let from = event
    let to = result
    names.forEach((name, i) => {
      const isObject = typeof from === 'object' && from !== null && !Array.isArray(from)
      from =
        isObject && Object.hasOwn(from!, name) ? (from as Record<string, unknown>)[name] : undefined
      if (i < names.length - 1) to = (to[name] ??= {}) as Record<string, unknown>
      else if (from !== undefined) to[name] = from
    })
  }
  return result
}

const recordings = path.join(import.meta.dirname, '../recordings/cluster.jsonl')
const lines = readFileSync(recordings, 'utf8').trimEnd().split('\n').map(bytesOf)

const someOf: readonly Paths[] = [
  [['verb'], ['user', 'username'], ['objectRef'], ['responseStatus', 'code']],
  [
    ['requestObject', 'spec', 'containers'],
    ['requestObject', 'metadata', 'labels', 'app'],
  ],
  [['objectRef', 'resource'], ['objectRef'], ['annotations'], ['nothing', 'of', 'this']],
  [['kind'], ['level'], ['stage']],
  [],
]

describe('projections', () => {
  test('of recorded events', () => {
    const found = project(lines, someOf)
    expect(found.length).toBe(lines.length)
    found.forEach((values, i) => {
      const event: unknown = JSON.parse(lines[i]!.toString())
      values.forEach((value, j) => expect(value).toEqual(expected(event, someOf[j]!)))
    })
  })

  test('of generated events', () => {
    const name = fc.constantFrom('verb', 'metadata', 'items', 'f:status', 'a\\b', 'kind', 'auditID')
    const paths = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 4 })
    let sure = 0
    fc.assert(
      fc.property(fc.array(spelt, { minLength: 1, maxLength: 8 }), paths, (texts, wanted) => {
        const some = texts.filter((text) => !text.includes('\n'))
        for (const [i, values] of project(some.map(bytesOf), [wanted]).entries()) {
          if (values?.[0] === undefined) continue
          sure++
          expect(values[0]).toEqual(expected(JSON.parse(some[i]!), wanted))
        }
      }),
      { numRuns: 500 },
    )
    expect(sure).toBeGreaterThan(100)
  })

  test('of what counts only by being there, nothing else is told', () => {
    const texts = ['{"kind":"Event","auditID":"x","verb":"get"}', '{"kind":"Event","verb":"get"}']
    const presence: Paths = [['auditID'], ['verb']]
    expect(project(texts.map(bytesOf), [[['verb']], []], { presence })).toEqual([
      [
        { auditID: null, verb: 'get' },
        { auditID: null, verb: null },
      ],
      [{ verb: 'get' }, { verb: null }],
    ])
  })

  test('a path that is not watched is not guessed', () => {
    expect(
      project(lines.slice(0, 1), [[['verb']], [['stage']]], { watched: [['verb']] })[0],
    ).toEqual([{ verb: JSON.parse(lines[0]!.toString()).verb }, undefined])
  })

  test('values below a map that is not learned are not known, the map is', () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      bytesOf(`{"kind":"Event","a":{"l":{"k${i}":1,"x":{"y":${i}}}},"verb":"get"}`),
    )
    const wanted: Paths[] = [[['a', 'l', 'x', 'y']], [['a', 'l']]]
    const found = project(many, wanted)
    expect(found[0]![0]).toEqual({ a: { l: { x: { y: 0 } } } })
    const last = found[199]!
    expect([undefined, JSON.stringify({ a: { l: { x: { y: 199 } } } })]).toContain(
      last[0] === undefined ? undefined : JSON.stringify(last[0]),
    )
    expect(last[1]).toEqual({ a: { l: { k199: 1, x: { y: 199 } } } })
  })
})
