import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { unpacked } from '../../../src/io/input/chunks.ts'
import type { ParapetError } from '../../../src/text/error.ts'

/** Unpacks bytes that come in chunks of a size; the text, and the error that ended it. */
async function unpack(bytes: Uint8Array, size: number): Promise<{ text: string; error?: string }> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < bytes.length; i += size) yield Uint8Array.from(bytes.subarray(i, i + size))
  }
  let text = ''
  try {
    for await (const chunk of unpacked(source(), 'audit.log.gz'))
      text += Buffer.from(chunk).toString()
    return { text }
  } catch (error) {
    const { code, file } = error as ParapetError
    expect(file).toBe('audit.log.gz')
    return { text, error: code }
  }
}

const a = 'first '.repeat(5000)
const b = 'second '.repeat(5000)
const pack = (text: string): Buffer => gzipSync(text)
const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts)
const changed = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[copy.length + at]! ^= 1
  return copy
}

/** A member whose header has every field. */
function decorated(text: string): Buffer {
  const plain = pack(text)
  const head = Buffer.from(plain.subarray(0, 10))
  head[3] = 0x1f
  const fields = Buffer.from('\u0003\0xyzname\0a comment\0cc', 'latin1')
  return join(head, fields, plain.subarray(10))
}

describe('gzip', () => {
  test.each<[note: string, bytes: Buffer, text: string, error?: string]>([
    ['one member', pack(a), a],
    ['two members', join(pack(a), pack(b)), a + b],
    ['an empty member in between', join(pack(a), pack(''), pack(b)), a + b],
    ['a header with every field', join(decorated(a), decorated(b)), a + b],
    ['padding', join(pack(a), Buffer.alloc(3000)), a],
    ['padding between members', join(pack(a), Buffer.alloc(3000), pack(b)), a + b],
    ['other data after it', join(pack(a), Buffer.from('hello')), a, 'GZIP_TRAILING_DATA'],
    ['one byte after it', join(pack(a), Buffer.from([0x1f])), a, 'GZIP_TRAILING_DATA'],
    ['cut in the trailer', pack(a).subarray(0, -3), a, 'GZIP_TRUNCATED'],
    ['cut in the header', pack(a).subarray(0, 7), '', 'GZIP_TRUNCATED'],
    ['cut in the second header', join(pack(a), pack(b).subarray(0, 5)), a, 'GZIP_TRUNCATED'],
    ['a wrong checksum', changed(pack(a), -8), a, 'GZIP_CORRUPT'],
    ['a wrong size', changed(pack(a), -1), a, 'GZIP_CORRUPT'],
    ['another method', changed(pack(a), 2 - pack(a).length), '', 'GZIP_CORRUPT'],
    ['only the first two bytes', pack(a).subarray(0, 2), '', 'GZIP_TRUNCATED'],
  ])('%s', async (_note, bytes, text, error) => {
    for (const size of [bytes.length, 100, 1]) {
      expect(await unpack(bytes, size)).toEqual(error === undefined ? { text } : { text, error })
    }
  })

  test('cut in the data: what came before is there', async () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `line ${(i * 7919) % 10_007}\n`).join('')
    const bytes = pack(text)
    const half = bytes.subarray(0, bytes.length >> 1)
    const found = await unpack(half, half.length)
    expect(found.error).toBe('GZIP_TRUNCATED')
    expect(text.startsWith(found.text)).toBe(true)
    expect(found.text.length).toBeGreaterThan(text.length / 3)
  })

  test('damaged data: what came before the damaged piece is there', async () => {
    const text = Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 100_007}\n`).join('')
    const bytes = pack(text)
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 64)
    const found = await unpack(bytes, 65_536)
    expect(found.error).toBe('GZIP_CORRUPT')
    expect(found.text.length).toBeGreaterThan(text.length / 3)
  })

  test('a bomb is unpacked piece by piece', async () => {
    const zeros = deflateRawSync(Buffer.alloc(300_000_000))
    const head = pack('').subarray(0, 10)
    async function* source(): AsyncGenerator<Uint8Array> {
      yield join(head, zeros)
    }
    const before = process.memoryUsage().arrayBuffers
    let size = 0
    let most = 0
    const reading = async (): Promise<void> => {
      for await (const chunk of unpacked(source(), 'bomb.gz')) {
        size += chunk.length
        most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      }
    }
    await expect(reading()).rejects.toMatchObject({ code: 'GZIP_TRUNCATED' })
    expect(size).toBe(300_000_000)
    expect(most).toBeLessThan(60e6)
  })
})
