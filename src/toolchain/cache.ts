import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { frameSize, pack, unpack } from '../../toolchain/frame.mjs'
import { CACHE_BYTES_MAX, CACHE_ENTRIES_MAX } from '../text/limits.ts'

const DIGEST_BYTES = 32
const SUFFIX = '.parapet'

/**
 * Compiled results by the hash of what they were made from. An entry is its own digest and then a
 * frame of its key and parts: one that was cut short, changed or moved is not believed, and is made
 * again. A folder that cannot be read or written only means that nothing is kept.
 */
export class Cache {
  readonly #folder: string | null

  /** @param folder null keeps nothing. */
  constructor(folder: string | null) {
    this.#folder = folder
  }

  /** The parts kept under a key, or undefined. */
  async get(key: string): Promise<Uint8Array[] | undefined> {
    if (this.#folder === null) return undefined
    try {
      const entry = await readFile(join(this.#folder, key + SUFFIX))
      const body = entry.subarray(DIGEST_BYTES)
      if (!sha256(body).equals(entry.subarray(0, DIGEST_BYTES))) return undefined
      const [name, ...parts] = unpack(body)
      return Buffer.from(name ?? []).toString() === key ? parts : undefined
    } catch {
      return undefined
    }
  }

  /** Keeps parts under a key, where the folder allows it. */
  async put(key: string, parts: readonly Uint8Array[]): Promise<void> {
    if (this.#folder === null) return
    const all = [Buffer.from(key), ...parts]
    const entry = Buffer.alloc(DIGEST_BYTES + frameSize(all))
    const body = entry.subarray(DIGEST_BYTES)
    pack(all, body)
    sha256(body).copy(entry)
    // Written beside its place and renamed, so that a reader sees a whole entry or none.
    const partial = join(this.#folder, `${key}.${randomUUID()}.partial`)
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await writeFile(partial, entry, { mode: 0o600 })
      await rename(partial, join(this.#folder, key + SUFFIX))
      await this.#prune(this.#folder)
    } catch {
      await rm(partial, { force: true }).catch(() => undefined)
    }
  }

  /** Removes what was written longest ago, also by writers that died, once there is too much. */
  async #prune(folder: string): Promise<void> {
    const files = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const { mtimeMs, size } = await stat(join(folder, name))
        return { name, time: mtimeMs, size }
      }),
    )
    files.sort((a, b) => b.time - a.time)
    let bytes = 0
    for (const [index, { name, size }] of files.entries()) {
      bytes += size
      if (index < CACHE_ENTRIES_MAX && bytes <= CACHE_BYTES_MAX) continue
      await rm(join(folder, name), { force: true })
    }
  }
}

/** A cache key: the hash of everything that a result depends on. */
export function cacheKey(...inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex')
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
