import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { ParapetError } from '../../text/error.ts'
import { GUNZIP_BYTES, GZIP_FIELD_BYTES_MAX } from '../../text/limits.ts'

/** How much is unpacked into one buffer, in bytes. */
const OUTPUT_BYTES = 128 * 1024

/** True where the bytes begin like gzip, whatever the file is called. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * Unpacks gzip (RFC 1952) as it is read, all of its members, and throws only after everything that
 * could be unpacked has come out. Node's `Gunzip` does not: with a wrong byte it drops what it
 * unpacked before it. So members are taken apart here, and zlib sees only the deflate data.
 *
 * @throws ParapetError `GZIP_TRUNCATED`, `GZIP_CORRUPT`, `GZIP_TRAILING_DATA`
 */
export async function* gunzip(
  source: AsyncIterator<Uint8Array>,
  file: string,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new Reader(source, file)
  do {
    await skipHeader(reader)
    const { checksum, size } = yield* inflate(reader)
    const trailer = await reader.take(8)
    if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== size) {
      throw reader.corrupt('its checksum does not match what it holds')
    }
  } while (await nextMember(reader))
}

/** Skips padding; true where another member begins. */
async function nextMember(reader: Reader): Promise<boolean> {
  while (await reader.fill()) {
    const { rest } = reader
    const zeros = rest.findIndex((byte) => byte !== 0)
    reader.skip(zeros < 0 ? rest.length : zeros)
    if (zeros < 0) continue
    if (isGzip(await reader.peek(2))) return true
    throw new ParapetError('GZIP_TRAILING_DATA', 'there is other data after the gzip data', {
      file: reader.file,
      help: 'what comes before it was read; the file may have been overwritten in part',
    })
  }
  return false
}

/** Skips a member's header: ten bytes, and fields that its flags announce. */
async function skipHeader(reader: Reader): Promise<void> {
  const head = await reader.take(10)
  const flags = head[3]!
  if (!isGzip(head) || head[2] !== 8 || flags > 0x1f) throw reader.corrupt('its header is wrong')
  if (flags & 4) await reader.take((await reader.take(2)).readUInt16LE())
  if (flags & 8) await skipText(reader)
  if (flags & 16) await skipText(reader)
  if (flags & 2) await reader.take(2)
}

async function skipText(reader: Reader): Promise<void> {
  for (let length = 0; (await reader.take(1))[0] !== 0; length++) {
    if (length > GZIP_FIELD_BYTES_MAX) throw reader.corrupt('its header is wrong')
  }
}

/** Unpacks the deflate data of one member; returns the CRC-32 and the size, modulo 2³², of it all. */
async function* inflate(
  reader: Reader,
): AsyncGenerator<Buffer, { checksum: number; size: number }, undefined> {
  const inflater = createInflateRaw({ chunkSize: OUTPUT_BYTES })
  const unpacked: Buffer[] = []
  const state = { ended: false, failed: false }
  inflater.on('data', (bytes: Buffer) => unpacked.push(bytes))
  inflater.on('end', () => (state.ended = true))
  inflater.on('error', () => (state.failed = true))
  let checksum = 0
  let size = 0
  try {
    while (!state.ended && !state.failed) {
      // A small piece at a time bounds how much it can unpack to.
      const piece = await reader.piece(GUNZIP_BYTES)
      const before = inflater.bytesWritten
      await writeTo(inflater, piece)
      reader.skip(inflater.bytesWritten - before)
      for (const bytes of unpacked.splice(0)) {
        checksum = crc32(bytes, checksum)
        size = (size + bytes.length) >>> 0
        yield bytes
      }
    }
  } finally {
    inflater.destroy()
  }
  if (state.failed) throw reader.corrupt('its compressed data is damaged')
  return { checksum, size }
}

/** Resolves when the piece is dealt with, or the data has ended or failed inside of it. */
function writeTo(inflater: InflateRaw, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      inflater.off('end', done).off('close', done)
      resolve()
    }
    inflater.on('end', done).on('close', done)
    inflater.write(piece, done)
  })
}

/** Takes any number of bytes from a sequence of chunks. */
class Reader {
  readonly file: string
  /** What is left of the current chunk. */
  rest: Buffer = Buffer.alloc(0)
  readonly #source: AsyncIterator<Uint8Array>

  constructor(source: AsyncIterator<Uint8Array>, file: string) {
    this.#source = source
    this.file = file
  }

  /** Gets the next chunk where the current one is used up; false at the end. */
  async fill(): Promise<boolean> {
    while (this.rest.length === 0) {
      const { value, done } = await this.#source.next()
      if (done === true) return false
      this.rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
    return true
  }

  /** The next bytes, at most `count`; they stay until they are skipped. */
  async piece(count: number): Promise<Buffer> {
    if (await this.fill()) return this.rest.subarray(0, count)
    throw new ParapetError('GZIP_TRUNCATED', 'the gzip data ends too early', {
      file: this.file,
      help: 'the events before that point were read; copy the file again, or wait until it is complete',
    })
  }

  /** The next `count` bytes, or all where there are fewer. */
  async peek(count: number): Promise<Buffer> {
    if (this.rest.length < count) {
      const first = Buffer.from(this.rest)
      this.rest = Buffer.alloc(0)
      this.rest = (await this.fill()) ? Buffer.concat([first, this.rest]) : first
    }
    return this.rest.subarray(0, count)
  }

  skip(count: number): void {
    this.rest = this.rest.subarray(count)
  }

  /** The next `count` bytes, as a copy. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for (let missing = count; missing > 0;) {
      const part = await this.piece(missing)
      parts.push(Buffer.from(part))
      this.skip(part.length)
      missing -= part.length
    }
    return Buffer.concat(parts)
  }

  corrupt(why: string): ParapetError {
    return new ParapetError('GZIP_CORRUPT', `the gzip data is damaged: ${why}`, {
      file: this.file,
      help: 'what could be unpacked was read; copy the file again',
    })
  }
}
