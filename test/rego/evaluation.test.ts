import { describe, expect, test } from 'vitest'
import { BuiltinError } from '../../src/rego/builtins/builtin.ts'
import type { BuiltinProvider, PolicyOptions } from '../../src/rego/policy.ts'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'
import { decide, event, hasToolchain, load } from './support.ts'

/** A clock and dice that never answer twice the same. */
function running(): Required<Pick<PolicyOptions, 'clock' | 'random'>> {
  let now = 1_700_000_000_000_000_000n
  let seed = 0
  return {
    clock: () => now++,
    random: (size) => Uint8Array.from({ length: size }, () => (seed = (seed * 7 + 11) % 251)),
  }
}

describe.skipIf(!hasToolchain)('within one evaluation', () => {
  test('time stands still, and goes on in the next', async () => {
    const policy = await load('p := [time.now_ns(), input.x, time.now_ns()]', running())
    const times = ['1', '2'].map((x) => policy.decideValue(0, `{"x": ${x}}`))
    expect(times).toEqual([
      '[1700000000000000000,1,1700000000000000000]',
      '[1700000000000000001,2,1700000000000000001]',
    ])
  })

  test('a question to the dice has one answer', async () => {
    const rules = `p := {"a": rand.intn("a", 1000000), "again": rand.intn("a", 1000000),
      "b": rand.intn("b", 1000000), "u": uuid.rfc4122("k"), "v": uuid.rfc4122("k"),
      "w": uuid.rfc4122("l"), "none": rand.intn("a", 0), "minus": rand.intn("a", -1000000)}`
    const policy = await load(rules, running())
    const [one, two] = [policy.decide(0, event({})), policy.decide(0, event({}))] as Record<
      string,
      unknown
    >[]
    expect(one).toMatchObject({ again: one!['a'], minus: one!['a'], none: 0, v: one!['u'] })
    expect(one!['b']).not.toBe(one!['a'])
    expect(one!['w']).not.toBe(one!['u'])
    expect(two!['u']).not.toBe(one!['u'])
    expect(one!['u']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('dice are fair: a draw above the last multiple is thrown away', async () => {
    const draws = [new Uint8Array(8).fill(0xff), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7)]
    const random = (): Uint8Array => draws.shift()!
    expect(await decide('p := rand.intn("a", 5)', undefined, { random })).toBe('2')
  })

  test('a builtin of OPA’s own code sees the same time', async () => {
    const builtins: BuiltinProvider = (name) =>
      name === 'io.jwt.decode_verify' ? (_, { now }) => `[true, {}, {"now": ${now()}}]` : undefined
    const rules = 'p := [time.now_ns(), io.jwt.decode_verify("", {})[2].now]'
    expect(await decide(rules, undefined, { ...running(), builtins })).toBe(
      '[1700000000000000000,1700000000000000000]',
    )
  })
})

describe.skipIf(!hasToolchain)('builtin errors', () => {
  const rules = 'p contains x if x := time.parse_rfc3339_ns(input.times[_])'
  const mixed = event({ times: ['2024-01-01T00:00:00Z', 'never'] })

  test('are undefined, and leave the rest of the evaluation alone', async () => {
    const policy = await load(rules)
    expect(policy.decide(0, mixed)).toEqual([1704067200000000000])
  })

  test('are errors where the policy is strict', async () => {
    const policy = await load(rules, { strict: true })
    expect(() => policy.decide(0, mixed)).toThrow(
      expect.objectContaining({
        code: 'BUILTIN_FAILED',
        message: expect.stringMatching(/^builtin time\.parse_rfc3339_ns: /),
      }),
    )
    expect(policy.decide(0, event({ times: ['2024-01-01T00:00:00Z'] }))).toEqual([
      1704067200000000000,
    ])
  })

  test('of an operand of another type are undefined too', async () => {
    expect(await decide('p := sprintf(input.f, [1])', '{"f": 1}')).toBeUndefined()
  })

  test('that a provider reports are undefined; what else it throws fails the evaluation', async () => {
    const failing =
      (error: Error): BuiltinProvider =>
      () =>
      () => {
        throw error
      }
    const yaml = 'p := yaml.unmarshal("x")'
    const complaint = { builtins: failing(new BuiltinError('no yaml')) }
    expect(await decide(yaml, undefined, complaint)).toBeUndefined()
    await expect(decide(yaml, undefined, { ...complaint, strict: true })).rejects.toThrow(
      'builtin yaml.unmarshal: no yaml',
    )
    await expect(decide(yaml, undefined, { builtins: failing(new Error('gone')) })).rejects.toThrow(
      expect.objectContaining({ code: 'POLICY_FAILED', message: 'the policy failed: gone' }),
    )
  })

  test('an answer that would grow without bound fails the evaluation', async () => {
    await expect(decide('p := count(net.cidr_expand("10.0.0.0/8"))')).rejects.toThrow(
      /net\.cidr_expand would answer with more than/,
    )
  })
})

describe.skipIf(!hasToolchain)('operands and answers cross the border whole', () => {
  test.each([
    ['sets', 'p := object.subset({1, "a", {2}}, {{2}, 1})', 'true'],
    ['keys of any kind', 'p := sprintf("%v", [{1: {2}, [3]: null}])', '"{1: {2}, [3]: null}"'],
    [
      'literals',
      'p := sprintf("%v %v %v", [[1.0], [1e2], 12345678901234567890])',
      '"[1.0] [1e2] 12345678901234567890"',
    ],
    ['floats', 'p := sprintf("%v %.2f %d", [1.0, .5, 3])', '"1 0.50 3"'],
    [
      'text',
      'p := sprintf("%s|%q", ["é\\u0000\\n😀", "\\u0001"])',
      '"é\\u0000\\n😀|\\"\\\\x01\\""',
    ],
    ['large answers', 'p := count(numbers.range_step(0, 99999, 1))', '100000'],
    [
      'patches',
      'p := json.patch({"a": {1}}, [{"op": "add", "path": "a/2", "value": 2}])',
      undefined,
    ],
    [
      'patches of sets',
      'p := json.patch({"a": {1}}, [{"op": "add", "path": ["a", 2], "value": 2}])',
      '{"a":[1,2]}',
    ],
  ])('%s', async (_, rules, want) => {
    expect(await decide(rules)).toBe(want)
  })

  test('many calls in one evaluation do not fill the memory', async () => {
    const rules =
      'p := count([s | some i in numbers.range(1, 100000); s := sprintf("%d %s", [i, input])])'
    const options = { memoryBytesMax: 128 << 20 }
    expect(await decide(rules, '"text"', options)).toBe('100000')
  })

  test('OPA’s own code answers what Parapet leaves to it', async () => {
    const options = { loadBuiltins: () => Promise.resolve(opaBuiltins()) }
    for (const [rules, want] of [
      [
        'p := yaml.unmarshal("a: [1, {b: 12345678901234567890}]")',
        '{"a":[1,{"b":12345678901234567890}]}',
      ],
      ['p := time.format([0, "UTC", "Mon 2 Jan 2006"])', '"Thu 1 Jan 1970"'],
      ['p := time.clock([0, "US/Eastern"])', '[19,0,0]'],
      // OPA looks elements up where they stood before the patch moved them.
      [
        'p := json.patch(["a", "b"], [{"op": "add", "path": "0", "value": "c"}, {"op": "copy", "from": "1", "path": ""}])',
        '"b"',
      ],
      ['p := time.date([-1, "Europe/Berlin"])', '[1970,1,1]'],
      ['p := regex.replace("ab", "(?P<n>a)(?P<n>b)", "$n")', '"a"'],
      ['p := yaml.unmarshal("a: \\"\\\\x01\\\\u2028\\"")', '{"a":"\\u0001\u2028"}'],
    ] as const) {
      expect(await decide(rules, undefined, options)).toBe(want)
    }
  })

  test('a call that needs it fails where it is not there, and others are answered', async () => {
    const policy = await load('p := time.clock([0, input])')
    expect(policy.decideValue(0, '"Europe/Berlin"')).toBe('[1,0,0]')
    expect(() => policy.decideValue(0, '"US/Eastern"')).toThrow(
      expect.objectContaining({
        code: 'POLICY_FAILED',
        message: expect.stringContaining('time.clock'),
      }),
    )
  })
})
