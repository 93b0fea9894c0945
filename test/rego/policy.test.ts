import { describe, expect, test } from 'vitest'
import { EvaluationError, Policy } from '../../src/rego/policy.ts'
import { compile, decide, event, hasToolchain, load } from './support.ts'

const echo = 'p := input'

describe.skipIf(!hasToolchain)('inputs', () => {
  test.each(['null', 'false', '0', '""', '{}', '[]', '[1, 2]', '"a\\u0000b"', '1.0', '1e2'])(
    'the input %s arrives as it is',
    async (input) => {
      expect(await decide(echo, input)).toBe(input.replace(', ', ','))
    },
  )

  test('no input is undefined, which is not null', async () => {
    expect(await decide(echo)).toBeUndefined()
    expect(await decide('p if not input', 'null')).toBeUndefined()
    expect(await decide('p if not input')).toBe('true')
  })

  test.each([
    ['nothing', ''],
    ['a truncated object', '{"a": 1'],
    ['a byte-order mark', '\ufeff{}'],
    ['a control character', '{"a": "\u0001"}'],
    ['a number with a leading zero', '{"a": 0403}'],
    ['two objects', '{"a": 1}{"a": 2}'],
    ['an object and a word', '{"a": 1} x'],
    ['a missing comma', '[1 2]'],
    ['a trailing comma', '[1, 2,]'],
    ['a member without a value', '{"a"}x'],
    ['a wrong escape', '"\\q"'],
    ['a word', 'nul'],
  ])('%s is refused, never undefined', async (_, input) => {
    const policy = await load('p contains "always"')
    expect(() => policy.decideValue(0, input)).toThrow(
      expect.objectContaining({ name: 'EvaluationError', code: 'INPUT_INVALID' }),
    )
  })

  test('a lone surrogate is U+FFFD, written as an escape or not', async () => {
    expect(await decide(echo, '"a\\ud800b"')).toBe('"a\ufffdb"')
    expect(await decide(echo, '"a\ud800b"')).toBe('"a\ufffdb"')
    expect(await decide(echo, '"\\ud83d\\ude00"')).toBe('"😀"')
  })

  test('of duplicate keys the last one counts', async () => {
    expect(await decide('p := input.a', '{"a": 1, "a": 2}')).toBe('2')
  })

  test('a Rego term may hold sets and keys of any kind', async () => {
    expect(await decide('p := {1, 2} == input.s', '{"s": {2, 1}}')).toBe('true')
    expect(await decide('p := input[1]', '{1: "one"}')).toBe('"one"')
  })

  test('an event is read as its bytes, wherever they stand in a buffer', async () => {
    const policy = await load('p := input.verb')
    const buffer = Buffer.from('xx{"verb":"get"}yy')
    const view = event('{"verb":"get"}')
    expect(policy.decide(0, view)).toBe('get')
    const inside = buffer.subarray(2, -2) as unknown as ReturnType<typeof event>
    expect(policy.decide(0, inside)).toBe('get')
  })
})

describe.skipIf(!hasToolchain)('answers', () => {
  test('numbers keep their digits', async () => {
    const numbers = '{"a":12345678901234567890,"b":1.0,"c":1e2,"d":-0,"e":0.10}'
    expect(await decide(echo, numbers)).toBe(numbers)
    const policy = await load(echo)
    expect(policy.decideText(0, event(numbers))).toBe(numbers)
    expect(policy.decide(0, event('{"a":1.0}'))).toEqual({ a: 1 })
  })

  test('sets are arrays in order, keys are strings in order', async () => {
    const rules = 'p := {"z": {3, 1, "b", 2}, 1: {[2], [1]}, "a": set()}'
    expect(await decide(rules)).toBe('{"1":[[1],[2]],"a":[],"z":[1,2,3,"b"]}')
  })

  test('undefined, empty and false are told apart', async () => {
    const policy = await load('p if input.on\nq contains 1 if input.on\nr := false')
    const off = event({ on: false })
    expect(policy.decideText(0, off)).toBeUndefined()
    const others = await Policy.load(
      compile('q contains 1 if input.on\nr := false\ns := []', ['t/q', 't/r', 't/s']),
    )
    const [q, r, s] = ['t/q', 't/r', 't/s'].map((name) => others.entrypoint(name))
    expect([q, r, s].map((id) => others.decideText(id!, off))).toEqual(['[]', 'false', '[]'])
    expect([q, r, s].map((id) => others.decide(id!, off))).toEqual([undefined, false, undefined])
  })

  test('text that is not ASCII arrives whole', async () => {
    expect(await decide('p := concat("", [input, "é😀"])', '"ü"')).toBe('"üé😀"')
  })

  test('a conflict fails the evaluation, with an error that says so', async () => {
    const policy = await load('p := input.a if true\np := input.b if true')
    expect(policy.decideText(0, event({ a: 1, b: 1 }))).toBe('1')
    const conflict = (): unknown => policy.decide(0, event({ a: 1, b: 2 }))
    expect(conflict).toThrow(EvaluationError)
    expect(conflict).toThrow(
      expect.objectContaining({
        code: 'POLICY_FAILED',
        message: expect.stringContaining('conflict'),
      }),
    )
    // The instance that trapped is not used any more.
    expect(policy.decide(0, event({ a: 3, b: 3 }))).toBe(3)
  })

  test('what a policy prints goes where it is told, and nowhere else', async () => {
    const printed: string[] = []
    const rules = 'p if internal.print([{"é", 1}, set(), {input.a}])'
    await decide(rules, '{"a": [1]}', { print: (text) => printed.push(text) })
    expect(printed).toEqual(['1 <undefined> [1]', 'é <undefined> [1]'])
  })
})

describe.skipIf(!hasToolchain)('loading', () => {
  test.each([
    ['text', Buffer.from('not wasm')],
    ['nothing', new Uint8Array()],
    ['an empty module', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
  ])('%s is no policy', async (_, bytes) => {
    await expect(Policy.load(bytes)).rejects.toThrow(
      expect.objectContaining({ name: 'ParapetError', code: 'POLICY_INVALID' }),
    )
  })

  test('another version of the ABI is refused', async () => {
    for (const [name, version] of [
      ['opa_wasm_abi_version', 2],
      ['opa_wasm_abi_minor_version', 1],
    ] as const) {
      const wasm = withGlobal(compile(echo), name, version)
      await expect(Policy.load(wasm)).rejects.toThrow(/WASM ABI `(2\.\d|1\.1)`, not 1\.2 or later/)
    }
  })

  test('an unknown entrypoint is refused with the known ones', async () => {
    const policy = await load(echo)
    expect(policy.entrypoints).toEqual(['t/p'])
    for (const name of ['t/q', 'constructor']) {
      expect(() => policy.entrypoint(name)).toThrow(
        expect.objectContaining({ code: 'ENTRYPOINT_UNKNOWN', help: 'it has `t/p`' }),
      )
    }
  })

  test('every builtin that nobody provides is named', async () => {
    const rules =
      'p if yaml.is_valid(input.a)\np if io.jwt.decode(input.b)[0].x\np if time.now_ns() > 0'
    await expect(load(rules)).rejects.toThrow(
      expect.objectContaining({
        code: 'BUILTIN_MISSING',
        message: expect.stringMatching(/`io.jwt.decode`.*`time.now_ns`.*`yaml.is_valid`|builtins/),
      }),
    )
    const message = await load(rules).catch((error: Error) => error.message)
    for (const name of ['io.jwt.decode', 'time.now_ns', 'yaml.is_valid']) {
      expect(message).toContain(`\`${name}\``)
    }
  })

  test.each([
    ['http.send', 'p := http.send({"method": "get", "url": "http://x"})'],
    ['opa.runtime', 'p := opa.runtime().env'],
    ['net.lookup_ip_addr', 'p := net.lookup_ip_addr("localhost")'],
  ])('%s is refused unless it is allowed by name', async (name, rules) => {
    const builtins = (): (() => string) => () => '{"127.0.0.1"}'
    await expect(load(rules, { builtins })).rejects.toThrow(
      expect.objectContaining({
        code: 'BUILTIN_REFUSED',
        message: expect.stringContaining(`\`${name}\``),
      }),
    )
    await expect(load(rules, { allow: [name] })).rejects.toThrow(/not provided here/)
    await load(rules, { builtins, allow: [name] })
  })

  test('one builtin that is missing is no matter to a policy that does not call it', async () => {
    expect(await decide('p := count(input)\nq if yaml.is_valid("")', '[1]')).toBe('1')
  })

  test('OPA’s own code is not loaded for builtins that Parapet has', async () => {
    let isLoaded = false
    const loadBuiltins = (): Promise<never> => {
      isLoaded = true
      return Promise.reject(new Error('loaded'))
    }
    await load('p := sprintf("%d", [semver.compare("1.2.3", input)])', { loadBuiltins })
    expect(isLoaded).toBe(false)
    await expect(load('p := yaml.unmarshal(input)', { loadBuiltins })).rejects.toThrow('loaded')
  })
})

describe.skipIf(!hasToolchain)('data', () => {
  test('keeps its digits as text, and is replaced whole', async () => {
    const policy = await load('p := data.d', { dataText: '{"d":[1.0,12345678901234567890]}' })
    expect(policy.decideValue(0)).toBe('[1.0,12345678901234567890]')
    policy.setData({ d: 'new' })
    expect(policy.decide(0, event({}))).toBe('new')
    policy.setDataText('{"d":1e2}')
    expect(policy.decideValue(0)).toBe('1e2')
    policy.setData({})
    expect(policy.decideValue(0)).toBeUndefined()
  })

  test('that is no JSON is refused, and the old one stays', async () => {
    const policy = await load('p := data.d', { data: { d: 1 } })
    for (const text of ['{"d": 1', '{} {}', '{1}', '']) {
      expect(() => policy.setDataText(text)).toThrow(
        expect.objectContaining({ code: 'DATA_INVALID' }),
      )
    }
    expect(policy.decideValue(0)).toBe('1')
  })

  test('that does not fit into memory is refused, and the old one stays', async () => {
    const policy = await load('p := data.d', { data: { d: 1 }, memoryBytesMax: 16 << 20 })
    const large = { d: Array.from({ length: 500_000 }, () => 1) }
    expect(() => policy.setData(large)).toThrow(expect.objectContaining({ code: 'DATA_TOO_LARGE' }))
    expect(policy.decideValue(0)).toBe('1')
  })
})

/** The module with another value in an exported global of type i32. */
function withGlobal(wasm: Uint8Array, name: string, value: number): Uint8Array {
  const text = Buffer.from(wasm).toString('latin1')
  const exported = text.indexOf(name) + name.length
  const [index] = leb(wasm, exported + 1)
  let [at, count] = globals(wasm)
  for (let i = 0; i < count; i++) {
    // Type, mutability, i32.const, value, end.
    const [, next] = leb(wasm, at + 3)
    if (i === index) {
      const copy = Uint8Array.from(wasm)
      copy[at + 3] = value
      return copy
    }
    at = next + 1
  }
  throw new Error(`no global ${name}`)
}

/** Where the first global stands, and how many there are. */
function globals(wasm: Uint8Array): [at: number, count: number] {
  const GLOBAL_SECTION = 6
  for (let at = 8; at < wasm.length;) {
    const [size, body] = leb(wasm, at + 1)
    if (wasm[at] === GLOBAL_SECTION) {
      const [count, first] = leb(wasm, body)
      return [first, count]
    }
    at = body + size
  }
  throw new Error('no globals')
}

function leb(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return [value, at]
  }
}
