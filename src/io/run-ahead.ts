import type { Step } from './cut.ts'
import type { Piece } from './piece.ts'
import type { PieceResult } from './piece-scan.ts'

/** A step, and what is being made of it already. */
export interface StepAhead {
  readonly step: Step
  /** Undefined where it is to be read in its turn. */
  readonly result: Promise<PieceResult | undefined> | undefined
}

/**
 * The same steps in the same order, of which pieces are begun before it is their turn: `count` at a
 * time, so that what they come to is held for no more than that.
 */
export async function* runAhead(
  steps: AsyncIterator<Step, void, undefined>,
  count: number,
  begin: (piece: Piece) => Promise<PieceResult | undefined>,
): AsyncGenerator<StepAhead, void, undefined> {
  const queue: StepAhead[] = []
  let begun = 0
  let isAtEnd = false
  for (;;) {
    while (!isAtEnd && begun < Math.max(1, count) && !isInTurn(queue.at(-1))) {
      const { value: step, done } = await steps.next()
      if (done === true) isAtEnd = true
      else if (step.kind === 'piece' && step.isFree && count > 0) {
        const result = begin(step.piece)
        // Where nobody asks for it any more nobody minds that it failed.
        result.catch(() => {})
        queue.push({ step, result })
        begun++
      } else queue.push({ step, result: undefined })
    }
    const next = queue.shift()
    if (!next) return
    if (next.result) begun--
    yield next
  }
}

/** Bytes that are to be read in their turn are there until the next step is asked for. */
function isInTurn(last: StepAhead | undefined): boolean {
  if (!last || last.result) return false
  return last.step.kind === 'chunk' || last.step.kind === 'piece'
}
