import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readOwnBundle } from '../../src/bundle/own.ts'
import { readBundle } from '../../src/bundle/read.ts'
import { root } from '../support/cli.ts'

test('the bundle that comes with Parapet reads as any other does', async () => {
  const bytes = readFileSync(path.join(root, 'bundles/parapet.tar.gz'))
  const { wasm, data, metadata } = await readOwnBundle(bytes, 'builtin')
  const { bundle } = await readBundle(bytes, { file: 'parapet.tar.gz' })
  expect(Buffer.from(wasm).equals([...bundle.wasm.values()][0]!)).toBe(true)
  expect(data).toEqual(bundle.data)
  expect(metadata).toEqual(bundle.manifest.metadata)
})
