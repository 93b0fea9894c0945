import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { WATCH_LOOK_MS } from '../../text/limits.ts'
import { identity } from '../file-watch.ts'
import { policyFolderKind } from '../policy/policy-files.ts'

/** Files that tests are made of. */
const TESTED = /\.(?:rego|ya?ml|jsonl?|manifest)$/

/**
 * Waits for changes of the files below some folders, and of single files. They are looked at rather
 * than watched: mounted volumes raise no events, and many editors replace a file.
 */
export class TreeWatch {
  readonly #paths: readonly string[]
  #seen: ReadonlyMap<string, string> = new Map()

  private constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** @param paths absolute; what stands there now counts as seen */
  static async start(paths: readonly string[]): Promise<TreeWatch> {
    const watch = new TreeWatch(paths)
    await watch.#look()
    return watch
  }

  get files(): number {
    return this.#seen.size
  }

  /** The files that were written, added or removed since the last time, once they rest; none after `signal`. */
  async next(signal: AbortSignal): Promise<readonly string[]> {
    const changed = new Set<string>()
    while (!signal.aborted) {
      const found = await this.#look()
      for (const file of found) changed.add(file)
      if (found.length === 0 && changed.size > 0) return [...changed].sort()
      await setTimeout(WATCH_LOOK_MS, undefined, { signal }).catch(() => undefined)
    }
    return []
  }

  async #look(): Promise<string[]> {
    const now = new Map<string, string>()
    for (const at of this.#paths) await look(at, now)
    const before = this.#seen
    this.#seen = now
    const files = new Set([...before.keys(), ...now.keys()])
    return [...files].filter((file) => before.get(file) !== now.get(file))
  }
}

async function look(at: string, seen: Map<string, string>): Promise<void> {
  const entries = await readdir(at, { withFileTypes: true }).catch(() => undefined)
  if (!entries) {
    const found = await identity(at)
    if (found !== 'missing') seen.set(at, found)
    return
  }
  for (const entry of entries) {
    const inside = path.join(at, entry.name)
    if (entry.isDirectory()) {
      if (policyFolderKind(entry.name) === 'read') await look(inside, seen)
    } else if (TESTED.test(entry.name)) seen.set(inside, await identity(inside))
  }
}
