import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytes, hasToolchain, openToolchain, temporaryFolder } from './support.ts'

const simple = { modules: [{ file: 'a.rego', text: 'package a\n\nx := input.n\n' }] }
/** Twenty-five million steps: longer than any test waits. */
const endless = {
  modules: [
    {
      file: 'e.rego',
      text: 'package e\n\nx := count([1 | some _ in numbers.range(1, 5000); some _ in numbers.range(1, 5000)])\n',
    },
  ],
}

/** Names of what keeps this process alive, as far as it has to do with threads. */
const threads = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name))

describe.skipIf(!hasToolchain)('the compiler thread', () => {
  test('calls at once are all answered, each with its own answer', async () => {
    const toolchain = openToolchain()
    const answers = await Promise.all([
      toolchain.format({ file: 'a.rego', text: 'package a' }),
      toolchain.check(simple),
      toolchain.prepare(simple, 'data.a.x').then((e) => e.evaluate([bytes('{"n": 1}')])),
      toolchain.prepare(simple, 'data.a.x').then((e) => e.evaluate([bytes('{"n": 2}')])),
      toolchain.format({ file: 'b.rego', text: 'not rego' }).catch((error: Error) => error.name),
    ])
    expect(answers).toMatchObject([
      'package a\n',
      [],
      [{ value: 1 }],
      [{ value: 2 }],
      'ParapetError',
    ])
  })

  test('the event loop keeps turning while a policy is compiled', async () => {
    const toolchain = openToolchain()
    let turns = 0
    const timer = setInterval(() => (turns += 1), 5)
    await toolchain.build(simple, { entrypoints: ['a/x'] })
    clearInterval(timer)
    // Starting and compiling takes some 300 ms, during which a blocked loop would not turn once.
    expect(turns).toBeGreaterThan(10)
  })

  test('keeps the process alive during a call and not after it', async () => {
    const toolchain = openToolchain()
    const before = threads().length
    const call = toolchain.version()
    const during = threads().length
    await call
    expect([during - before, threads().length - before]).toEqual([1, 0])
  })

  test('a call that takes too long is stopped, and those behind it are answered', async () => {
    const toolchain = openToolchain({ callMs: 1500 })
    const evaluator = await toolchain.prepare(endless, 'data.e.x')
    const slow = evaluator.evaluate([bytes('{}')])
    const behind = toolchain.format({ file: 'a.rego', text: 'package a' })
    await expect(slow).rejects.toMatchObject({ code: 'TOOLCHAIN_TIMEOUT' })
    expect(await behind).toBe('package a\n')
  })

  test('after a crash the next call gets a fresh instance, and evaluators prepare anew', async () => {
    // A small stack makes real recursion overflow: nothing is played here.
    const toolchain = openToolchain({ stackMb: 4 })
    const evaluator = await toolchain.prepare(simple, 'data.a.x')
    const deep = `package a\n\nx := ${'['.repeat(30_000)}${']'.repeat(30_000)}\n`
    const crash = toolchain.check({ modules: [{ file: 'deep.rego', text: deep }] })
    const behind = evaluator.evaluate([bytes('{"n": 5}')])
    await expect(crash).rejects.toMatchObject({
      code: 'TOOLCHAIN_CRASHED',
      message: expect.stringMatching(/^the embedded OPA compiler crashed: \S/),
    })
    expect(await behind).toMatchObject([{ value: 5 }])
  })

  test('a thread that has grown is replaced, and evaluators prepare anew', async () => {
    const toolchain = openToolchain({ memoryBytesMax: 1 })
    const evaluator = await toolchain.prepare(simple, 'data.a.x')
    for (const n of [1, 2]) {
      expect(await evaluator.evaluate([bytes(`{"n": ${n}}`)])).toMatchObject([{ value: n }])
    }
  })

  test('close rejects what is running, waiting or asked for afterwards', async () => {
    const toolchain = openToolchain()
    const evaluator = await toolchain.prepare(endless, 'data.e.x')
    const running = evaluator.evaluate([bytes('{}')])
    const waiting = toolchain.version()
    const closed = toolchain.close()
    for (const call of [running, waiting, toolchain.version()]) {
      await expect(call).rejects.toMatchObject({ code: 'TOOLCHAIN_CLOSED' })
    }
    await closed
    await toolchain.close()
  })

  test('a module that cannot be loaded says so', async () => {
    const wasm = join(temporaryFolder(), 'opa.wasm')
    writeFileSync(wasm, 'not a module')
    await expect(openToolchain({ wasm }).version()).rejects.toMatchObject({
      code: 'TOOLCHAIN_BROKEN',
      help: expect.stringContaining('npm run prepare'),
    })
  })
})

test('without the module every verb that needs it says in one line what to install', async () => {
  const toolchain = openToolchain({ wasm: join(temporaryFolder(), 'opa.wasm') })
  const missing = {
    name: 'ParapetError',
    code: 'TOOLCHAIN_MISSING',
    message: 'the embedded OPA compiler is not built',
    help: expect.stringMatching(/^install Go .* and run `npm run prepare`[^\n]*$/),
  }
  const source = simple.modules[0]!
  for (const call of [
    toolchain.version(),
    toolchain.parse(source),
    toolchain.check(simple),
    toolchain.format(source),
    toolchain.build(simple, { entrypoints: ['a/x'] }),
    toolchain.test(simple),
    toolchain.annotations(simple),
    toolchain.prepare(simple, 'data.a.x'),
    toolchain.partial(simple, { query: 'data.a.x' }),
  ]) {
    await expect(call).rejects.toMatchObject(missing)
  }
})
