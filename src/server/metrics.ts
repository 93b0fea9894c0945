import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Fleet } from './fleet.ts'
import type { Publication } from './publication.ts'

/** What Prometheus may ask the bundle server. */
export interface Metrics {
  /** One request that was answered. */
  answered(route: string, status: number, seconds: number): void
  /** One attempt to load a bundle from its file. */
  reloaded(bundle: string, isGood: boolean): void
  decisions(count: number): void
  /** One archive that went to a client. */
  sent(bundle: string, kind: 'snapshot' | 'delta'): void
  /** The exposition text and its content type. */
  expose(): Promise<{ text: string; type: string }>
}

/** Metrics in a registry of their own, so that several servers fit into one process. */
export function createMetrics(
  publications: ReadonlyMap<string, Publication>,
  fleet: Fleet,
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'parapet_server_requests_total',
    help: 'Requests by route and status.',
    labelNames: ['route', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'parapet_server_request_seconds',
    help: 'Time to answer, long polls included.',
    labelNames: ['route'],
    buckets: [0.005, 0.05, 0.5, 5, 30, 120, 600],
    registers,
  })
  const reloads = new Counter({
    name: 'parapet_server_reloads_total',
    help: 'Loads of a bundle from its file.',
    labelNames: ['bundle', 'result'],
    registers,
  })
  const decided = new Counter({
    name: 'parapet_server_decisions_total',
    help: 'Decisions received in decision logs.',
    registers,
  })
  const sent = new Counter({
    name: 'parapet_server_bundles_sent_total',
    help: 'Archives sent, whole or as a delta.',
    labelNames: ['bundle', 'kind'],
    registers,
  })
  const size = new Gauge({
    name: 'parapet_server_bundle_bytes',
    help: 'Size of the current archive.',
    labelNames: ['bundle', 'revision'],
    registers,
  })
  const waiting = new Gauge({
    name: 'parapet_server_waiting_polls',
    help: 'Long polls that wait for a new revision.',
    labelNames: ['bundle'],
    registers,
  })
  const running = new Gauge({
    name: 'parapet_fleet_instances',
    help: 'OPA servers by the revision that they run.',
    labelNames: ['bundle', 'revision'],
    registers,
  })
  const refresh = (): void => {
    for (const gauge of [size, waiting, running]) gauge.reset()
    for (const [bundle, publication] of publications) {
      waiting.set({ bundle }, publication.waiting)
      const { current } = publication
      if (current)
        size.set({ bundle, revision: current.bundle.manifest.revision }, current.bytes.length)
    }
    for (const { bundle, revision, count } of fleet.revisions())
      if (publications.has(bundle)) running.set({ bundle, revision }, count)
  }
  return {
    answered: (route, status, time) => {
      requests.inc({ route, status: String(status) })
      seconds.observe({ route }, time)
    },
    reloaded: (bundle, isGood) => reloads.inc({ bundle, result: isGood ? 'good' : 'bad' }),
    decisions: (count) => decided.inc(count),
    sent: (bundle, kind) => sent.inc({ bundle, kind }),
    expose: async () => {
      refresh()
      return { text: await registry.metrics(), type: registry.contentType }
    },
  }
}
