import type { Bundle } from '../bundle/bundle.ts'
import { deltaBundle } from '../bundle/delta.ts'
import { packBundle } from '../bundle/write.ts'
import { SERVE_REVISIONS_KEPT } from '../text/limits.ts'
import { entityTag, includesTag, type TagList } from './etag.ts'

/** One revision of a bundle, as it is sent. */
export interface Revision {
  readonly bytes: Uint8Array
  readonly etag: string
  readonly bundle: Bundle
}

/** Something that waits for the next revision. */
type Waiter = (revision: Revision | undefined) => void

/**
 * A bundle that is served: its current revision, whoever waits for the next one, and the last few
 * from which deltas are made. A revision is swapped in one step, so no client sees two halves.
 */
export class Publication {
  readonly #waiters = new Set<Waiter>()
  readonly #deltas = new Map<string, Uint8Array | undefined>()
  readonly #offersDeltas: boolean
  #kept: Revision[] = []

  /** @param options.deltas make deltas; only for clients whose policy asks for no signature */
  constructor(options: { deltas?: boolean } = {}) {
    this.#offersDeltas = options.deltas ?? false
  }

  /** Undefined before the first revision. */
  get current(): Revision | undefined {
    return this.#kept[0]
  }

  /** Clients that wait for a change. */
  get waiting(): number {
    return this.#waiters.size
  }

  /** Makes a revision the current one and wakes whoever waits; the same bytes change nothing. */
  publish(bytes: Uint8Array, bundle: Bundle): boolean {
    const revision: Revision = { bytes, etag: entityTag(bytes), bundle }
    if (revision.etag === this.current?.etag) return false
    const earlier = this.#offersDeltas
      ? this.#kept.filter(({ etag }) => etag !== revision.etag)
      : []
    this.#kept = [revision, ...earlier].slice(0, SERVE_REVISIONS_KEPT)
    this.#deltas.clear()
    this.#wake(revision)
    return true
  }

  /** Ends every wait without news, as a server must before it stops. */
  release(): void {
    this.#wake(undefined)
  }

  #wake(revision: Revision | undefined): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const wake of waiters) wake(revision)
  }

  /** The archive that takes a client from the revision with that tag to the current one. */
  deltaFrom(etag: string): Uint8Array | undefined {
    if (!this.#offersDeltas) return undefined
    if (!this.#deltas.has(etag)) {
      const before = this.#kept.slice(1).find((revision) => revision.etag === etag)
      const files = before && this.current && deltaBundle(before.bundle, this.current.bundle)
      if (!before) return undefined
      this.#deltas.set(etag, files && packBundle(files))
    }
    return this.#deltas.get(etag)
  }

  /**
   * The next revision that the client does not have, at once if it is there. Undefined when the
   * time is up or the client has gone.
   */
  async changed(
    known: TagList,
    options: { ms: number; signal: AbortSignal },
  ): Promise<Revision | undefined> {
    const { current } = this
    if (current && !includesTag(known, current.etag)) return current
    if (options.signal.aborted) return undefined
    return new Promise((resolve) => {
      const finish = (revision: Revision | undefined): void => {
        clearTimeout(timer)
        options.signal.removeEventListener('abort', leave)
        this.#waiters.delete(finish)
        resolve(revision)
      }
      const leave = (): void => finish(undefined)
      const timer = setTimeout(leave, options.ms)
      options.signal.addEventListener('abort', leave)
      this.#waiters.add(finish)
    })
  }
}
