import { SingleBar } from 'cli-progress'
import type { Io } from './io.ts'

/** What a bar knows when it is drawn. */
export interface BarState {
  readonly value: number
  readonly total: number
  readonly progress: number
  readonly eta: number | string
}

/** A bar on stderr, which is gone when it has stopped. In a file of its own: few runs show one. */
export function openBar(io: Io, text: (state: BarState) => string): SingleBar {
  return new SingleBar({
    stream: io.stderr as NodeJS.WritableStream,
    clearOnComplete: true,
    hideCursor: true,
    fps: 8,
    format: (_options, state) => text(state),
  })
}
