import { objectOf, textOf } from '../text/json.ts'
import { SERVE_CLIENTS_MAX } from '../text/limits.ts'

/** Labels and bundles that are remembered of one server, and characters of each text. */
const PARTS_MAX = 64
const TEXT_MAX = 256
/** Different revisions that are counted. */
const REVISIONS_MAX = 200

/** What a server last said of one of its bundles. */
export interface BundleStatus {
  readonly revision: string | null
  readonly activated: string | null
  readonly downloaded: string | null
  /** Why the last download or activation failed. */
  readonly error: { readonly code: string; readonly message: string } | null
}

/** An OPA server as its status reports describe it. */
export interface FleetMember {
  readonly id: string
  readonly version: string | null
  readonly labels: Readonly<Record<string, string>>
  /** RFC 3339, by this server's clock. */
  readonly seen: string
  readonly bundles: Readonly<Record<string, BundleStatus>>
}

/** Which OPA runs which revision, from the status reports that they send. Bounded. */
export class Fleet {
  readonly #members = new Map<string, FleetMember>()

  get size(): number {
    return this.#members.size
  }

  /** Takes a status report; false where it is none. */
  report(status: unknown, now: Date): boolean {
    const { labels, bundles } = objectOf(status)
    const id = cut(objectOf(labels)['id'])
    if (!id) return false
    const known = Object.entries(objectOf(bundles)).slice(0, PARTS_MAX)
    const texts = Object.entries(objectOf(labels)).slice(0, PARTS_MAX)
    this.#members.delete(id)
    this.#members.set(id, {
      id,
      version: cut(objectOf(labels)['version']),
      labels: Object.fromEntries(texts.map(([name, value]) => [cut(name) ?? '', cut(value) ?? ''])),
      seen: now.toISOString(),
      bundles: Object.fromEntries(known.map(([name, value]) => [cut(name), readBundle(value)])),
    })
    // The map keeps the order of reports, so the first is the one heard of longest ago.
    if (this.#members.size > SERVE_CLIENTS_MAX)
      this.#members.delete(this.#members.keys().next().value!)
    return true
  }

  /** All members, the one heard of last first. */
  list(): FleetMember[] {
    return [...this.#members.values()].toReversed()
  }

  /** How many members run each revision of a bundle. */
  revisions(): { bundle: string; revision: string; count: number }[] {
    const counts = new Map<string, { bundle: string; revision: string; count: number }>()
    for (const member of this.#members.values())
      for (const [bundle, { revision }] of Object.entries(member.bundles)) {
        const entry = { bundle, revision: revision ?? '', count: 0 }
        const key = JSON.stringify([bundle, entry.revision])
        const found = counts.get(key) ?? entry
        found.count += 1
        if (counts.has(key) || counts.size < REVISIONS_MAX) counts.set(key, found)
      }
    return [...counts.values()]
  }
}

function readBundle(value: unknown): BundleStatus {
  const status = objectOf(value)
  const code = cut(status['code'])
  return {
    revision: cut(status['active_revision']),
    activated: cut(status['last_successful_activation']),
    downloaded: cut(status['last_successful_download']),
    error: code ? { code, message: cut(status['message']) ?? '' } : null,
  }
}

/** Whoever may report could otherwise fill the memory of the server. */
function cut(value: unknown): string | null {
  return textOf(value)?.slice(0, TEXT_MAX) ?? null
}
