import { setImmediate } from 'node:timers/promises'
import type { PieceStep, Step } from './cut.ts'
import type { Piece } from './piece.ts'
import type { PieceResult } from './piece-scan.ts'

/** A step, and what is being made of it already. */
export interface StepAhead {
  readonly step: Step
  /** What its piece comes to. Undefined, or to come to that, where it is to be read in its turn. */
  readonly result: PieceResult | undefined | Promise<PieceResult | undefined>
}

/** Who evaluates pieces ahead of their turn. */
export interface Crew {
  /** Pieces that other threads can have at a time, with those that wait there: none before they have started. */
  readonly places: number
  /** Pieces whose results may be held before it is their turn. */
  readonly heldMax: number
  /** Evaluates a piece by itself in another thread; undefined where that cannot be done. */
  evaluate(piece: Piece): Promise<PieceResult | undefined>
  /** The same in this thread. */
  evaluateHere(piece: Piece): PieceResult | undefined
}

/**
 * The same steps in the same order, of which pieces are evaluated before it is their turn: first other
 * threads are given all that they can have, and while there is nothing to do but to wait for them, this
 * thread takes pieces, too.
 */
export async function* runAhead(
  steps: AsyncIterator<Step, void, undefined>,
  crew: Crew | undefined,
): AsyncGenerator<StepAhead, void, undefined> {
  const queue = new Queue(steps, crew)
  for (;;) {
    while (queue.hasPlace) await queue.add('there')
    if (queue.isEmpty) await queue.add('here')
    while (queue.isWaiting && queue.hasRoom) {
      await queue.add('here')
      while (queue.hasPlace) await queue.add('there')
    }
    const next = queue.take()
    if (!next) return
    yield next
  }
}

/** A step whose place in the queue is known. */
interface Queued extends StepAhead {
  /** Other threads are at work on it. */
  isWaiting: boolean
}

class Queue {
  readonly #steps: AsyncIterator<Step, void, undefined>
  readonly #crew: Crew | undefined
  readonly #queue: Queued[] = []
  /** Pieces that other threads have. */
  #taken = 0
  #isAtEnd = false
  /** The bytes of the last step are there only until the next is asked for. */
  #isInTurn = false

  constructor(steps: AsyncIterator<Step, void, undefined>, crew: Crew | undefined) {
    this.#steps = steps
    this.#crew = crew
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  /** There can be another step before the first is taken. */
  get hasRoom(): boolean {
    if (this.#isAtEnd || (this.#isInTurn && !this.isEmpty)) return false
    return this.#queue.length < (this.#crew?.heldMax ?? 1)
  }

  /** Other threads can have another piece. */
  get hasPlace(): boolean {
    return this.hasRoom && this.#taken < (this.#crew?.places ?? 0)
  }

  /** It would have to be waited for the first. */
  get isWaiting(): boolean {
    return this.#queue[0]?.isWaiting === true
  }

  take(): StepAhead | undefined {
    return this.#queue.shift()
  }

  /** Adds the next step, if there is one; its piece is evaluated here or there. */
  async add(where: 'here' | 'there'): Promise<void> {
    if (this.#isAtEnd) return
    const { value: step, done } = await this.#steps.next()
    if (done === true) {
      this.#isAtEnd = true
      return
    }
    const crew = step.kind === 'piece' && step.isFree ? this.#crew : undefined
    this.#isInTurn = !crew && (step.kind === 'piece' || step.kind === 'chunk')
    if (!crew) this.#queue.push({ step, result: undefined, isWaiting: false })
    else if (where === 'there') this.#queue.push(this.#begin(step as PieceStep, crew))
    else {
      const result = crew.evaluateHere((step as PieceStep).piece)
      this.#queue.push({ step, result, isWaiting: false })
      // What other threads have done arrives.
      await setImmediate()
    }
  }

  #begin(step: PieceStep, crew: Crew): Queued {
    const queued = { step, result: crew.evaluate(step.piece), isWaiting: true }
    this.#taken++
    const end = (): void => {
      this.#taken--
      queued.isWaiting = false
    }
    // Where nobody asks for it any more nobody minds that it failed.
    queued.result.then(end, end)
    return queued
  }
}
