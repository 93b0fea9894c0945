import {
  type Exception,
  isBeginning,
  MATCH_KEYS,
  type MatchKey,
  type MatchTexts,
  patternOf,
} from './exception.ts'

/** Positions of exceptions that may cover an event, in order. */
type Positions = readonly number[]

const NONE: Positions = []

/**
 * The exceptions of one guardrail, to be found by one of an event's texts: of the key that most of
 * them tell themselves apart by. A pipeline may write many thousand, one for each object.
 */
export class ExceptionTable {
  readonly #exceptions: readonly Exception[]
  readonly #key: MatchKey
  readonly #byText = new Map<unknown, number[]>()
  /** By what stands before the star. */
  readonly #byBeginning = new Map<string, number[]>()
  readonly #lengths: readonly number[]
  /** Those that leave the key out. */
  readonly #others: number[] = []

  constructor(exceptions: readonly Exception[]) {
    this.#exceptions = exceptions
    this.#key = tellingKey(exceptions)
    for (const [position, { match }] of exceptions.entries()) {
      const pattern = patternOf(match, this.#key)
      if (pattern === undefined) this.#others.push(position)
      else if (!isBeginning(pattern)) add(this.#byText, pattern, position)
      else add(this.#byBeginning, pattern.slice(0, -1), position)
    }
    this.#lengths = [...new Set([...this.#byBeginning.keys()].map(({ length }) => length))]
  }

  /** The first of the exceptions that covers: of those only that may fit the texts. */
  first(texts: MatchTexts, covers: (exception: Exception) => boolean): Exception | undefined {
    let first = Infinity
    for (const positions of this.#candidates(texts[this.#key])) {
      const found = positions.find(
        (position) => position >= first || covers(this.#exceptions[position]!),
      )
      if (found !== undefined && found < first) first = found
    }
    return this.#exceptions[first]
  }

  #candidates(text: string | null): readonly Positions[] {
    const begun = text === null ? [] : this.#lengths.map((length) => text.slice(0, length))
    return [
      this.#others,
      this.#byText.get(text) ?? NONE,
      ...[...new Set(begun)].map((beginning) => this.#byBeginning.get(beginning) ?? NONE),
    ]
  }
}

/** The key with the most different patterns. */
function tellingKey(exceptions: readonly Exception[]): MatchKey {
  const counts = MATCH_KEYS.map((key) => ({
    key,
    count: new Set(exceptions.map(({ match }) => patternOf(match, key))).size,
  }))
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).key
}

function add<K>(map: Map<K, number[]>, key: K, position: number): void {
  const others = map.get(key)
  if (others) others.push(position)
  else map.set(key, [position])
}
