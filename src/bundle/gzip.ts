import { crc32 } from 'node:zlib'
import { deflateSync } from 'fflate'

/**
 * The gzip of some bytes, the same on every machine: zlib's output differs between its builds and
 * processors, fflate's does not. The header is Go's (no name, no time, unknown system). Go's own
 * compressor makes other bytes of the same length order, so archives are compared unpacked.
 */
export function gzip(bytes: Uint8Array): Uint8Array {
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(crc32(bytes), 0)
  tail.writeUInt32LE(bytes.length % 2 ** 32, 4)
  return Buffer.concat([HEADER, deflateSync(bytes, { level: 9 }), tail])
}

const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)
