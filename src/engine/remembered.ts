/** Answers that are kept; all are forgotten when there are more. */
const ANSWERS_MAX = 16_384
/** Longest input whose answer is kept, in bytes: longer ones hold names and bodies, which do not come again. */
const INPUT_BYTES_MAX = 512
/** After so many questions it is seen whether remembering pays … */
const QUESTIONS = 4096
/** … which it does where this share of them was known … */
const KNOWN_SHARE = 0.1
/** … and else there is a pause of so many questions. */
const PAUSE = 100_000

/**
 * What an evaluator said of inputs. Where the input is all that a decision depends on,
 * the same input has the same answer. Pays for guardrails that the index does not understand and
 * that look at little, such as a user's name.
 */
export class Remembered<Answer> {
  #answers = new Map<string, Answer>()
  #asked = 0
  #known = 0
  #pause = 0

  /**
   * The answer for an input, remembered or asked for.
   *
   * @param scope what is evaluated, besides the input; undefined where the answer may change
   */
  answer(scope: string | undefined, input: Uint8Array, ask: () => Answer): Answer {
    if (scope === undefined || input.length > INPUT_BYTES_MAX || this.#isPausing()) return ask()
    const text = Buffer.from(input.buffer, input.byteOffset, input.length).toString('latin1')
    const key = `${scope}\n${text}`
    const known = this.#answers.get(key)
    this.#asked++
    if (known !== undefined) {
      this.#known++
      return known
    }
    const answer = ask()
    if (this.#answers.size >= ANSWERS_MAX) this.#answers = new Map()
    this.#answers.set(key, answer)
    return answer
  }

  #isPausing(): boolean {
    if (this.#pause > 0) {
      this.#pause--
      return true
    }
    if (this.#asked < QUESTIONS) return false
    if (this.#known < this.#asked * KNOWN_SHARE) {
      this.#pause = PAUSE
      this.#answers = new Map()
    }
    this.#asked = 0
    this.#known = 0
    return false
  }
}
