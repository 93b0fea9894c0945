/** `toolchain/build.mjs`, run on a small Go module of its own so that a build takes a second. */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './support.ts'

const script = join(import.meta.dirname, '../../toolchain/build.mjs')
const hasGo = spawnSync('go', ['version']).status === 0
if (!hasGo) process.stderr.write('skipped: no Go on PATH for the tests of toolchain/build.mjs\n')

/** A folder with the script and a Go program beside it. */
function project(source = 'package main\n\nfunc main() {}\n'): string {
  const folder = join(temporaryFolder(), 'toolchain')
  mkdirSync(folder)
  copyFileSync(script, join(folder, 'build.mjs'))
  writeFileSync(join(folder, 'go.mod'), 'module small\n\ngo 1.24\n')
  writeFileSync(join(folder, 'main.go'), source)
  return folder
}

interface Run {
  status: number | null
  stdout: string
  stderr: string
}

function build(folder: string, args: string[] = [], path = process.env['PATH']): Run {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'build.mjs'), ...args],
    { encoding: 'utf8', env: { ...process.env, PATH: path } },
  )
  return { status, stdout, stderr }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

describe('building the module', () => {
  test('without Go one line says what to install and what works without, and nothing fails', () => {
    const folder = project()
    const nothing = temporaryFolder()
    const run = build(folder, [], nothing)
    expect(run).toMatchObject({ status: 0, stdout: '' })
    expect(lines(run.stderr)).toEqual([
      expect.stringMatching(/Install Go .* run `npm run prepare`/),
    ])
    expect(run.stderr).toContain('scanning with the built-in guardrails does not')
    expect(build(folder, ['--strict'], nothing).status).toBe(1)
  })

  describe.skipIf(!hasGo)('with Go', () => {
    test('builds once, and again only when an input or the output has changed', () => {
      const folder = project()
      const wasm = join(folder, 'out', 'opa.wasm')
      expect(build(folder)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/built .* in/),
      })
      expect(WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(wasm)))).toContainEqual(
        expect.objectContaining({ name: '_initialize' }),
      )
      expect(readdirSync(join(folder, 'out')).sort()).toEqual(['opa.json', 'opa.wasm'])
      const unchanged = { status: 0, stdout: '', stderr: '' }
      expect(build(folder)).toEqual(unchanged)

      const sound = readFileSync(wasm)
      writeFileSync(wasm, sound.subarray(0, 1000))
      expect(build(folder).stdout).toMatch(/built/)
      expect(readFileSync(wasm)).toEqual(sound)

      writeFileSync(join(folder, 'main.go'), 'package main\n\n// Changed.\nfunc main() {}\n')
      expect(build(folder).stdout).toMatch(/built/)
      writeFileSync(join(folder, 'main_test.go'), 'package main\n')
      expect(build(folder)).toEqual(unchanged)
      writeFileSync(join(folder, 'out', 'opa.json'), '{')
      expect(build(folder).stdout).toMatch(/built/)
    })

    test('a failing build shows the compiler’s words and fails only where that is asked for', () => {
      const folder = project('package main\n\nfunc main() { nope() }\n')
      const run = build(folder)
      expect(run).toMatchObject({ status: 0, stdout: '' })
      expect(run.stderr).toMatch(/main\.go:3:15: undefined: nope/)
      expect(lines(run.stderr).at(-1)).toMatch(/building the embedded OPA compiler failed/)
      expect(readdirSync(join(folder, 'out'))).toEqual([])
      expect(build(folder, ['--strict']).status).toBe(1)
    })

    test('a failing build leaves the module of before, which no longer counts as current', () => {
      const folder = project()
      build(folder)
      writeFileSync(join(folder, 'main.go'), 'package main\n\nfunc main() { nope() }\n')
      expect(build(folder).stderr).toContain('undefined: nope')
      expect(existsSync(join(folder, 'out', 'opa.wasm'))).toBe(true)
      expect(build(folder).stderr).toContain('undefined: nope')
    })
  })
})
