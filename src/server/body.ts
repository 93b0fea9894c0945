import { createGunzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SERVE_BODY_BYTES_MAX, SERVE_UNPACKED_BYTES_MAX } from '../text/limits.ts'

/** A body that cannot be taken, with what to answer. */
export class BodyRefusal extends Error {
  readonly status: 400 | 413 | 415
  constructor(status: 400 | 413 | 415, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * The JSON of a request's body, plain or gzip, bounded as sent and as unpacked.
 * @throws {BodyRefusal}
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').toLowerCase()
  if (encoding !== 'gzip' && encoding !== 'identity')
    throw new BodyRefusal(415, `the encoding \`${encoding}\` is not understood`)
  if (Number(request.headers.get('content-length') ?? 0) > SERVE_BODY_BYTES_MAX) throw tooLarge()
  const bytes = await collect(request, encoding === 'gzip')
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new BodyRefusal(400, 'the body is not JSON')
  }
}

async function collect(request: Request, isPacked: boolean): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0)
  const sent = new Meter(SERVE_BODY_BYTES_MAX)
  const unpacked = new Meter(SERVE_UNPACKED_BYTES_MAX)
  const chunks: Buffer[] = []
  const gather = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of unpacked.measure(source)) chunks.push(chunk)
  }
  const source = Readable.from(sent.measure(request.body))
  try {
    await (isPacked ? pipeline(source, createGunzip(), gather) : pipeline(source, gather))
  } catch {
    // What a pipeline throws may be the echo of what went wrong first.
    if (sent.isOver || unpacked.isOver) throw tooLarge()
    throw new BodyRefusal(400, isPacked ? 'the body is no whole gzip' : 'the body is cut off')
  }
  return Buffer.concat(chunks)
}

/** Stops a stream as soon as it has more bytes than are taken. */
class Meter {
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get isOver(): boolean {
    return this.#bytes > this.#bytesMax
  }

  async *measure(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.#bytes += chunk.length
      if (this.isOver) throw tooLarge()
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    }
  }
}

function tooLarge(): BodyRefusal {
  return new BodyRefusal(413, 'the body is too large')
}
