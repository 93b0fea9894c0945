import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'
import { hasToolchain, temporaryFolder } from './support.ts'

const context = { now: (): bigint => 1_700_000_000_123_456_789n }

describe.skipIf(!hasToolchain)('builtins of OPA', () => {
  const provide = opaBuiltins()
  const call = (name: string, ...operands: string[]): string | undefined =>
    provide(name)!(operands, context)

  test.each([
    ['time.now_ns', [], '1700000000123456789'],
    ['time.date', ['1700000000123456789'], '[2023, 11, 14]'],
    ['semver.compare', ['"1.2.3"', '"1.10.0"'], '-1'],
    ['net.cidr_expand', ['"10.0.0.0/31"'], '{"10.0.0.0", "10.0.0.1"}'],
    ['numbers.range_step', ['1', '5', '2'], '[1, 3, 5]'],
    ['json.patch', ['{"a": {1, 2}}', '[]'], '{"a": {1, 2}}'],
    ['plus', ['12345678901234567890', '1'], '12345678901234567891'],
  ])('%s', (name, operands, want) => {
    expect(call(name, ...operands)).toBe(want)
  })

  test('a name that OPA does not have is not provided', () => {
    expect(provide('no.such_builtin')).toBeUndefined()
  })

  test('a complaint is in OPA’s words, and the next call is answered', () => {
    expect(() => call('semver.compare', '"1.2.3"', '"x"')).toThrow(/is not a valid SemVer/)
    expect(call('semver.compare', '"1.2.3"', '"1.2.3"')).toBe('0')
  })

  test('there is no network', () => {
    const request = '{"method": "get", "url": "http://127.0.0.1:9/"}'
    expect(() => call('http.send', request)).toThrow(/dial|connect|network/)
  })

  test('an operand that is no value is refused', () => {
    expect(() => call('count', 'input.x')).toThrow(/operand 1 is no value/)
  })
})

test('without the module the first name asked for says what to install', () => {
  const provide = opaBuiltins(join(temporaryFolder(), 'opa.wasm'))
  expect(() => provide('time.date')).toThrow(
    expect.objectContaining({
      code: 'TOOLCHAIN_MISSING',
      help: expect.stringMatching(/^install Go/),
    }),
  )
})
