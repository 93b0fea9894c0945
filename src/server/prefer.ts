import { SERVE_WAIT_SECONDS_MAX } from '../text/limits.ts'

/** What a client prefers, as OPA writes it: `modes=snapshot,delta;wait=30`. */
export interface Preferences {
  /** Seconds that the client is ready to wait for a change; undefined: none, answer at once. */
  readonly wait: number | undefined
  /** The client takes a delta where the server has one. */
  readonly delta: boolean
}

/** Reads `Prefer`: OPA joins by `;`, RFC 7240 by `,`. What is not understood is passed over. */
export function parsePrefer(field: string | null | undefined): Preferences {
  const value = field ?? ''
  const wait = /(?:^|[;,\s])wait\s*=\s*"?(\d{1,9})"?/i.exec(value)?.[1]
  const modes = /(?:^|[;,\s])modes\s*=\s*"?([a-z,\s]+)/i.exec(value)?.[1] ?? ''
  return {
    wait: wait === undefined ? undefined : Math.min(Number(wait), SERVE_WAIT_SECONDS_MAX),
    delta: modes.split(',').some((mode) => mode.trim() === 'delta'),
  }
}
