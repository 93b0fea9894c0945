import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CACHE_BYTES_MAX, CACHE_ENTRIES_MAX } from '../../src/text/limits.ts'
import { Cache, cacheKey } from '../../src/toolchain/cache.ts'
import { cacheFolder } from '../../src/toolchain/cache-folder.ts'
import { builtWasm } from '../../src/toolchain/location.ts'
import type { BuiltBundle, Toolchain } from '../../src/toolchain/toolchain.ts'
import { bytes, hasToolchain, openToolchain, temporaryFolder, text } from './support.ts'

const policy = { modules: [{ file: 'a.rego', text: 'package a\n\nx := 1\n' }] }
const other = { modules: [{ file: 'a.rego', text: 'package a\n\nx := 2\n' }] }
const build = (toolchain: Toolchain, from = policy): Promise<BuiltBundle> =>
  toolchain.build(from, { entrypoints: ['a/x'] })
const entries = (folder: string): string[] =>
  readdirSync(join(folder, 'compiled')).map((name) => join(folder, 'compiled', name))
/** Whether this toolchain has started its thread. */
const threads = (): number =>
  process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length

describe('the cache', () => {
  test('gives back what was put, also empty parts', async () => {
    const cache = new Cache(temporaryFolder())
    const key = cacheKey('x')
    expect(await cache.get(key)).toBeUndefined()
    await cache.put(key, [bytes('one'), bytes(''), bytes('three')])
    expect((await cache.get(key))?.map(text)).toEqual(['one', '', 'three'])
    await cache.put(key, [])
    expect(await cache.get(key)).toEqual([])
  })

  test.each<[string, (entry: Buffer) => Buffer]>([
    ['cut short', (entry) => entry.subarray(0, -1)],
    ['with a rest', (entry) => Buffer.concat([entry, Buffer.from('x')])],
    ['with a changed byte', (entry) => Buffer.from(entry.map((b, i) => (i === 80 ? b ^ 1 : b)))],
    ['empty', () => Buffer.alloc(0)],
    ['shorter than its digest', (entry) => entry.subarray(0, 10)],
  ])('an entry %s is not believed', async (_, change) => {
    const folder = temporaryFolder()
    const cache = new Cache(folder)
    const key = cacheKey('x')
    await cache.put(key, [bytes('a result that is long enough to be changed in its middle')])
    const [name] = readdirSync(folder)
    const file = join(folder, name!)
    writeFileSync(file, change(readFileSync(file)))
    expect(await cache.get(key)).toBeUndefined()
  })

  test('an entry that was moved to another key is not believed', async () => {
    const folder = temporaryFolder()
    const cache = new Cache(folder)
    await cache.put(cacheKey('x'), [bytes('of x')])
    copyFileSync(join(folder, `${cacheKey('x')}.parapet`), join(folder, `${cacheKey('y')}.parapet`))
    expect(await cache.get(cacheKey('y'))).toBeUndefined()
  })

  test('an unwritable folder keeps nothing and is no error', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    const cache = new Cache(join(file, 'below'))
    await cache.put(cacheKey('x'), [bytes('x')])
    expect(await cache.get(cacheKey('x'))).toBeUndefined()
  })

  test('keeps a bounded number of entries, the newest', async () => {
    const folder = temporaryFolder()
    const cache = new Cache(folder)
    for (let i = 0; i < CACHE_ENTRIES_MAX; i += 1) {
      const file = join(folder, `${i}.parapet`)
      writeFileSync(file, '')
      utimesSync(file, i, i)
    }
    await cache.put(cacheKey('x'), [bytes('x')])
    const names = readdirSync(folder)
    expect(names).toHaveLength(CACHE_ENTRIES_MAX)
    expect(names).toContain(`${cacheKey('x')}.parapet`)
    expect(names).not.toContain('0.parapet')
  })

  test('keeps a bounded number of bytes, the newest', async () => {
    const folder = temporaryFolder()
    for (const [name, size] of [
      ['old', CACHE_BYTES_MAX],
      ['new', 1000],
    ] as const) {
      const file = join(folder, `${name}.parapet`)
      writeFileSync(file, '')
      truncateSync(file, size)
      utimesSync(file, size === 1000 ? 2 : 1, size === 1000 ? 2 : 1)
    }
    await new Cache(folder).put(cacheKey('x'), [bytes('x')])
    expect(readdirSync(folder).sort()).toEqual([`${cacheKey('x')}.parapet`, 'new.parapet'].sort())
  })

  test.each([
    [{ env: { PARAPET_CACHE_DIR: '/c' }, platform: 'linux', home: '/h' }, '/c'],
    [{ env: { XDG_CACHE_HOME: '/x' }, platform: 'linux', home: '/h' }, '/x/parapet'],
    [{ env: {}, platform: 'linux', home: '/h' }, '/h/.cache/parapet'],
    [{ env: {}, platform: 'darwin', home: '/h' }, '/h/Library/Caches/parapet'],
    [{ env: { LOCALAPPDATA: '/l' }, platform: 'win32', home: '/h' }, '/l/parapet/Cache'],
  ])('its folder is the platform’s: %j', (surroundings, want) => {
    expect(cacheFolder(surroundings)).toBe(want)
  })
})

describe.skipIf(!hasToolchain)('compiled results', () => {
  test('are taken from the cache without starting the compiler', async () => {
    const cacheDir = temporaryFolder()
    const fresh = await build(openToolchain({ cacheDir }))
    const before = threads()
    const kept = await build(openToolchain({ cacheDir }))
    expect(threads()).toBe(before)
    expect(Buffer.from(kept.wasm)).toEqual(Buffer.from(fresh.wasm))
    expect(kept.manifest).toEqual(fresh.manifest)
  })

  test('a broken entry is built again and replaced', async () => {
    const cacheDir = temporaryFolder()
    const fresh = await build(openToolchain({ cacheDir }))
    const [entry] = entries(cacheDir)
    const sound = readFileSync(entry!)
    writeFileSync(entry!, sound.subarray(0, 1000))
    const again = await build(openToolchain({ cacheDir }))
    expect(Buffer.from(again.bundle)).toEqual(Buffer.from(fresh.bundle))
    expect(readFileSync(entry!)).toEqual(sound)
  })

  test('another policy, another option and another compiler are other entries', async () => {
    const cacheDir = temporaryFolder()
    const toolchain = openToolchain({ cacheDir })
    await build(toolchain)
    await build(toolchain, other)
    await toolchain.build(policy, { entrypoints: ['a/x'], revision: 'r' })
    expect(entries(cacheDir)).toHaveLength(3)
    // The same module under another digest stands for a newer one: nothing older may be taken.
    const folder = join(temporaryFolder(), 'out')
    mkdirSync(folder)
    copyFileSync(builtWasm, join(folder, 'opa.wasm'))
    writeFileSync(join(folder, 'opa.json'), JSON.stringify({ sha256: 'of another build' }))
    await build(openToolchain({ cacheDir, wasm: join(folder, 'opa.wasm') }))
    expect(entries(cacheDir)).toHaveLength(4)
    // Without a stamp the module's own bytes identify it.
    writeFileSync(join(folder, 'opa.json'), '{')
    await build(openToolchain({ cacheDir, wasm: join(folder, 'opa.wasm') }))
    expect(entries(cacheDir)).toHaveLength(4)
  })

  test('the place of the sources makes no difference, and positions name it all the same', async () => {
    const cacheDir = temporaryFolder()
    const toolchain = openToolchain({ cacheDir })
    const broken = 'package a\n\nx if nope(1)\n'
    for (const file of ['one/a.rego', 'two/a.rego']) {
      const found = await toolchain.check({ modules: [{ file, path: 'a.rego', text: broken }] })
      expect(found).toMatchObject([{ file, line: 3 }])
    }
    expect(entries(cacheDir)).toHaveLength(1)
  })

  test('refusals are not kept', async () => {
    const cacheDir = temporaryFolder()
    const toolchain = openToolchain({ cacheDir })
    const broken = { modules: [{ file: 'a.rego', text: 'package a\n\nx if {' }] }
    await expect(build(toolchain, broken)).rejects.toMatchObject({ code: 'REGO_PARSE_ERROR' })
    expect(() => entries(cacheDir)).toThrow(/ENOENT/)
  })
})
