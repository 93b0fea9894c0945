import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../src/toolchain/evaluator.ts'
import { bytes, hasToolchain, openToolchain } from './support.ts'

const modules = [
  {
    file: 'a.rego',
    text: `package a

echo := input.n

names contains n if some n in input.names

when := time.parse_rfc3339_ns(input.at)

bad := 1 if input.one

bad := 2 if input.two
`,
  },
]

describe.skipIf(!hasToolchain)('OPA evaluator', () => {
  const toolchain = openToolchain()
  const evaluate = async (
    query: string,
    inputs: string[],
    strict = false,
  ): Promise<Evaluation[]> => {
    const evaluator = await toolchain.prepare({ modules, data: { org: { x: 1 } } }, query, {
      strictBuiltinErrors: strict,
    })
    return evaluator.evaluate(inputs.map(bytes))
  }

  test.each([
    ['a number keeps its digits', '{"n": 12345678901234567890}', '12345678901234567890'],
    ['a float keeps its form', '{"n": 1.0}', '1.0'],
    ['an exponent', '{"n": 1e2}', '1e2'],
    ['markup is not escaped', '{"n": "<&>"}', '"<&>"'],
    ['false is a value', '{"n": false}', 'false'],
    ['null is a value', '{"n": null}', 'null'],
    ['absent is undefined', '{}', undefined],
    ['the last of duplicate keys counts', '{"n": 1, "n": 2}', '2'],
    ['a lone surrogate becomes U+FFFD', '{"n": "\\ud800"}', '"\ufffd"'],
    ['a byte-order mark is skipped', '\ufeff{"n": 1}', '1'],
    ['YAML is read as opa eval does', 'n: hello', '"hello"'],
  ])('%s', async (_, input, want) => {
    const [evaluation] = await evaluate('data.a.echo', [input])
    expect(evaluation?.json).toBe(want)
    expect(evaluation?.diagnostics).toEqual([])
  })

  test('invalid UTF-8 becomes U+FFFD', async () => {
    const evaluator = await toolchain.prepare({ modules }, 'data.a.echo')
    const input = Buffer.from('{"n": "\xff"}', 'latin1')
    expect((await evaluator.evaluate([input]))[0]?.value).toBe('\ufffd')
  })

  test('what is no input is an error of that input alone', async () => {
    const [first, second, third] = await evaluate('data.a.echo', ['{"n": 1}', '{"n": ', '{"n": 3}'])
    expect([first?.value, third?.value]).toEqual([1, 3])
    expect(second).toMatchObject({ results: [], diagnostics: [{ code: 'INPUT_ERROR' }] })
    expect(second).not.toHaveProperty('value')
  })

  test('evaluation errors have OPA code and place', async () => {
    const [evaluation] = await evaluate('data.a.bad', ['{"one": true, "two": true}'])
    expect(evaluation?.diagnostics).toMatchObject([
      { code: 'EVAL_CONFLICT_ERROR', file: 'a.rego', line: 11 },
    ])
  })

  test('an error of a builtin is undefined, or an error where that is asked for', async () => {
    const input = '{"at": "yesterday"}'
    expect(await evaluate('data.a.when', [input])).toMatchObject([{ results: [], diagnostics: [] }])
    const [strict] = await evaluate('data.a.when', [input], true)
    expect(strict?.diagnostics).toMatchObject([{ code: 'EVAL_BUILTIN_ERROR', line: 7 }])
  })

  test('sets are sorted, and every way in which a query holds is a result', async () => {
    const input = '{"names": ["b", "a", "b"]}'
    expect((await evaluate('data.a.names', [input]))[0]?.value).toEqual(['a', 'b'])
    const [ways] = await evaluate('data.a.names[x]', [input])
    expect(ways?.results.map(({ bindings }) => bindings)).toEqual([{ x: 'a' }, { x: 'b' }])
  })

  test('thousands of events in order, over several messages', async () => {
    const padding = 'x'.repeat(4096)
    const inputs = Array.from({ length: 4000 }, (_, n) => `{"n": ${n}, "padding": "${padding}"}`)
    const evaluations = await evaluate('data.a.echo', inputs)
    expect(evaluations.map(({ value }) => value)).toEqual(inputs.map((_, n) => n))
  })

  test('a query that does not compile is refused; one that was closed is prepared anew', async () => {
    await expect(toolchain.prepare({ modules }, 'data.a.')).rejects.toMatchObject({
      code: 'REGO_PARSE_ERROR',
    })
    const evaluator = await toolchain.prepare({ modules }, 'data.a.echo')
    await evaluator.close()
    expect((await evaluator.evaluate([bytes('{"n": 7}')]))[0]?.value).toBe(7)
  })
})
