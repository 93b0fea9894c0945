import { mergeData } from '../engine/merge-data.ts'
import { matchAtom } from '../rego/match-atom.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { bindData } from '../residual/bind.ts'
import { holds } from '../residual/holds.ts'
import { placeOfLiteral } from '../residual/place.ts'
import type { GuardrailResidual, Json, Path, Residual } from '../residual/residual.ts'
import type { JsonObject } from '../text/json.ts'
import { waysOf } from './alternatives.ts'
import { conditionText, decisive } from './decides.ts'
import type { GuardrailQuestion, GuardrailSubject } from './engine.ts'
import { type CaseResult, questionsOf } from './run.ts'

/** One of the ways in which a guardrail finds something. */
export interface Alternative {
  readonly guardrail: GuardrailMetadata
  /** What sets it apart from the other ways. */
  readonly text: string
  readonly file: string
  readonly line: number
  /** Some case has an event for which it holds. */
  readonly isDecided: boolean
  /** Neither is the way in which this one is a choice. */
  readonly isImplied: boolean
}

/** The conditions of a policy's guardrails, held against single events. */
export class Conditions {
  readonly #residuals: ReadonlyMap<string, GuardrailResidual>
  readonly #data: unknown
  readonly #fileOf: (path: string) => string

  /**
   * @param residuals before `bindData`
   * @param data that the policy comes with
   * @param fileOf what messages call a file, by its path in the bundle
   */
  constructor(
    residuals: readonly GuardrailResidual[],
    data: unknown,
    fileOf: (path: string) => string,
  ) {
    this.#residuals = new Map(residuals.map((one) => [one.entrypoint, one]))
    this.#data = data
    this.#fileOf = fileOf
  }

  /** What of an event the guardrail reads; undefined where that is not known. */
  reads({ entrypoint }: GuardrailMetadata): readonly Path[] | undefined {
    return this.#residuals.get(entrypoint)?.reads
  }

  /** The conditions that decided about an event, a line each. */
  decisive({ entrypoint }: GuardrailMetadata, { event, data }: GuardrailQuestion): string[] {
    const residual = this.#residuals.get(entrypoint)?.residual
    if (!residual) return []
    const bound = bindData(residual, this.#merged(data))
    return decisive(
      bound,
      parse(event),
      matchAtom,
      ({ file, row }) => `${this.#fileOf(file)}:${row}`,
    )
  }

  /** The ways in which a guardrail finds something, and whether its cases go each of them. */
  alternatives(
    guardrail: GuardrailMetadata,
    results: readonly CaseResult<GuardrailSubject>[],
  ): Alternative[] {
    const residual = this.#residuals.get(guardrail.entrypoint)?.residual ?? []
    const found = results.flatMap(foundIn)
    /** Depth of the way that is not decided and that the next ones may stand in. */
    let undecided = Infinity
    return waysOf(residual).map((way) => {
      const place = way.apart.map(placeOfLiteral).find((known) => known !== undefined)
      const isImplied = way.depth > undecided
      const isDecided =
        !isImplied && found.some((question) => this.#goes(way.residual, residual, question))
      if (!isImplied) undecided = isDecided ? Infinity : way.depth
      return {
        guardrail,
        text: conditionText(way.apart),
        file: place ? this.#fileOf(place.file) : guardrail.file,
        line: place?.row ?? guardrail.line,
        isDecided,
        isImplied,
      }
    })
  }

  /** Whether an event that was found goes a way: for certain, or as certainly as is known. */
  #goes(way: Residual, all: Residual, { event, data }: GuardrailQuestion): boolean {
    const [parsed, merged] = [parse(event), this.#merged(data)]
    const answer = holds(bindData(way, merged), parsed, matchAtom)
    if (answer !== 'maybe') return answer === 'yes'
    return holds(bindData(all, merged), parsed, matchAtom) === 'maybe'
  }

  #merged(data: JsonObject | undefined): Json {
    return mergeData(this.#data, data ?? {}) as Json
  }
}

/** The questions of a case on which its guardrail found something. */
function foundIn(result: CaseResult<GuardrailSubject>): GuardrailQuestion[] {
  return questionsOf(result).filter((_, index) => {
    const verdict = result.verdicts[index]!
    return 'matches' in verdict && verdict.matches.length > 0
  })
}

function parse(event: Uint8Array): Json {
  return JSON.parse(Buffer.from(event).toString()) as Json
}
