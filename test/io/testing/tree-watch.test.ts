import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { TreeWatch } from '../../../src/io/testing/tree-watch.ts'
import { folder } from '../../support/cli.ts'

const never = new AbortController().signal

test('tells of files that were written, added and removed, and of nothing else', async () => {
  const at = folder({ 'a.rego': 'x', 'b.cases.yaml': 'x', 'notes.txt': 'x' })
  const file = (name: string): string => path.join(at, name)
  mkdirSync(file('node_modules'))
  const watch = await TreeWatch.start([at])
  expect(watch.files).toBe(2)

  writeFileSync(file('a.rego'), 'y')
  writeFileSync(file('notes.txt'), 'y')
  writeFileSync(file('node_modules/c.rego'), 'y')
  expect(await watch.next(never)).toEqual([file('a.rego')])

  mkdirSync(file('sub'))
  writeFileSync(file('sub/d.rego'), 'y')
  rmSync(file('b.cases.yaml'))
  expect(await watch.next(never)).toEqual([file('b.cases.yaml'), file('sub/d.rego')])
})

test('looks at a single file that comes and goes, too', async () => {
  const at = folder({})
  const file = path.join(at, 'bundle.tar.gz')
  const watch = await TreeWatch.start([file])
  writeFileSync(file, 'x')
  expect(await watch.next(never)).toEqual([file])
})

test('ends with the signal', async () => {
  const watch = await TreeWatch.start([folder({})])
  const controller = new AbortController()
  const next = watch.next(controller.signal)
  controller.abort()
  expect(await next).toEqual([])
})
