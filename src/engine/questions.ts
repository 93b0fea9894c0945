import type { Projection } from '../audit/scanner/projection.ts'
import type { Indexed } from '../rego/event-index.ts'
import { watchedNames } from '../rego/index-leaf.ts'
import type { Evaluator } from './evaluator.ts'

/** What is asked of an evaluator about an event: some of its parts, or all there is. */
export interface Question {
  /** The evaluator's position. */
  readonly evaluator: number
  readonly parts: readonly number[] | 'all'
  /** What these parts read together; undefined for the whole event. */
  readonly reads: Projection | undefined
  /** What is asked, as a text, where the same input always has the same answer; else undefined. */
  readonly scope: string | undefined
}

/** The question about all that an evaluator has. */
export function everythingOf(evaluator: number): Question {
  return { evaluator, parts: 'all', reads: undefined, scope: undefined }
}

type Owner = readonly [evaluator: number, part: number | 'all']
type Names = readonly (readonly string[])[]

/** Sets of rules whose questions are remembered; a log comes to few. */
const SETS_MAX = 1000

/** The questions to ask once the index has said which rules are left. */
export class Questions {
  readonly #parts: readonly (readonly Indexed[] | undefined)[]
  /** The evaluator and its part that each of the index's rules stands for. */
  readonly #owners: readonly Owner[]
  readonly #known = new Map<string, readonly Question[]>()
  /** By the list itself, which the index gives again and again. */
  readonly #byList = new WeakMap<readonly number[], readonly Question[]>()

  constructor(evaluators: readonly Evaluator[]) {
    this.#parts = evaluators.map(({ parts }) => parts)
    this.#owners = this.#parts.flatMap((parts, evaluator): Owner[] =>
      parts ? parts.map((_, part) => [evaluator, part]) : [[evaluator, 'all']],
    )
  }

  /** What the index is about, in the order of its rules. */
  get rules(): readonly Indexed[] {
    return this.#parts.flatMap((parts) => parts ?? [{ residual: undefined }])
  }

  /** All that is read by anything. */
  get reads(): Names {
    return this.rules.flatMap((rule) => [...(namesRead(rule) ?? []), ...namesOfPresence(rule)])
  }

  /** @param rules in ascending order */
  about(rules: readonly number[]): readonly Question[] {
    let questions = this.#byList.get(rules)
    if (!questions) {
      const key = rules.join()
      questions = this.#known.get(key) ?? this.#make(rules)
      if (this.#known.size < SETS_MAX) this.#known.set(key, questions)
      this.#byList.set(rules, questions)
    }
    return questions
  }

  #make(rules: readonly number[]): readonly Question[] {
    const asked = new Map<number, number[] | 'all'>()
    for (const rule of rules) {
      const [evaluator, part] = this.#owners[rule]!
      const others = asked.get(evaluator) ?? []
      asked.set(evaluator, part === 'all' || others === 'all' ? 'all' : [...others, part])
    }
    return [...asked].map(([evaluator, parts]) => this.#question(evaluator, parts))
  }

  #question(evaluator: number, parts: readonly number[] | 'all'): Question {
    if (parts === 'all') return everythingOf(evaluator)
    const indexed = parts.map((part) => this.#parts[evaluator]![part]!)
    const isPure = indexed.every(({ pure }) => pure === true)
    const scope = isPure ? `${evaluator} ${parts.join()}` : undefined
    return { evaluator, parts, reads: readsOf(indexed), scope }
  }
}

function readsOf(parts: readonly Indexed[]): Projection | undefined {
  const read = parts.map(namesRead)
  if (read.includes(undefined)) return undefined
  return {
    paths: distinct(read.flatMap((names) => names!)),
    presence: distinct(parts.flatMap(namesOfPresence)),
  }
}

/** The members that a part reads; undefined where it reads the event as a whole, or nobody knows. */
function namesRead({ reads }: Indexed): Names | undefined {
  const names = reads?.map(watchedNames)
  return names?.every((path) => path.length > 0) === true ? names : undefined
}

function namesOfPresence({ presence }: Indexed): Names {
  return (presence ?? []).map(watchedNames)
}

export function distinct(paths: Names): Names {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()]
}
