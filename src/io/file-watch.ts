import { readFile, stat } from 'node:fs/promises'
import type { Bundle } from '../bundle/bundle.ts'
import type { Publication } from '../server/publication.ts'
import { ParapetError } from '../text/error.ts'
import { BUNDLE_ARCHIVE_BYTES_MAX, SERVE_LOOK_MS } from '../text/limits.ts'

/** A revision that is fit to be served. */
export interface Ready {
  readonly archive: Uint8Array
  readonly bundle: Bundle
}

export interface WatchOptions {
  /** The name for messages. */
  readonly shown: string
  /** Makes a revision of the file's bytes; throws a ParapetError where it must not be served. */
  readonly make: (bytes: Uint8Array) => Promise<Ready>
  /** A revision was taken (`error` undefined) or refused; the last good one stays. */
  readonly onLoad: (revision: string | undefined, error: ParapetError | undefined) => void
  readonly lookMs?: number | undefined
}

/**
 * Publishes what is made of a file, again whenever it changes. A file is looked at rather than
 * watched, because mounted volumes and replaced links raise no events. It is read whole and
 * validated before it is swapped in, so a half-written file is never served.
 */
export class FileWatch {
  readonly #file: string
  readonly #publication: Publication
  readonly #options: WatchOptions
  /** What the file was when it was last read, good or bad. */
  #seen: string | undefined
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(file: string, publication: Publication, options: WatchOptions) {
    this.#file = file
    this.#publication = publication
    this.#options = options
  }

  /** Loads the file if it is there, and from now on whenever it changes. */
  async start(): Promise<void> {
    this.#looking = this.#look()
    await this.#looking
    if (this.#isStopped) return
    const again = (): void => void this.start()
    this.#timer = setTimeout(again, this.#options.lookMs ?? SERVE_LOOK_MS).unref()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#looking
  }

  async #look(): Promise<void> {
    const now = await identity(this.#file)
    if (now === this.#seen) return
    this.#seen = now
    try {
      const bytes = await read(this.#file, this.#options.shown)
      // The file was changed while it was read: wait until it rests.
      if ((await identity(this.#file)) !== now) {
        this.#seen = undefined
        return
      }
      const { archive, bundle } = await this.#options.make(bytes)
      this.#publication.publish(archive, bundle)
      this.#options.onLoad(bundle.manifest.revision, undefined)
    } catch (error) {
      if (!(error instanceof ParapetError)) throw error
      this.#options.onLoad(undefined, error)
    }
  }
}

/** What is there: changes whenever the file is replaced or written; `missing` where there is none. */
export async function identity(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(':')
  } catch {
    return 'missing'
  }
}

async function read(file: string, shown: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size <= BUNDLE_ARCHIVE_BYTES_MAX) return await readFile(file)
    const message = `the file has ${size} bytes, the limit is ${BUNDLE_ARCHIVE_BYTES_MAX}`
    throw new ParapetError('BUNDLE_TOO_LARGE', message, { file: shown })
  } catch (cause) {
    if (cause instanceof ParapetError) throw cause
    throw new ParapetError('BUNDLE_UNREADABLE', `\`${shown}\` cannot be read`, {
      file: shown,
      cause,
    })
  }
}
