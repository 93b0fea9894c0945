import type { Spans } from '../audit/scanner/judge.ts'
import type { ScannerMemory } from '../audit/scanner/memory.ts'
import { type Holds, holds, type Matcher } from '../residual/holds.ts'
import { literalKey } from '../residual/key.ts'
import type { Atom, Json, Opaque, Residual, Some, ValueTest } from '../residual/residual.ts'
import type { Answer, Leaf } from './index-formula.ts'
import type { Gathered } from './index-gather.ts'
import { atomTexts, elementTest, type ElementTest, rebase, watchedNames } from './index-leaf.ts'
import { elementClasses, type ElementClasses } from './index-elements.ts'
import { type PrefixNode, prefixTree } from './index-prefix.ts'
import { placeTree, treeBytes } from './index-tables.ts'

/** Most paths that are watched; a condition on another is not understood. */
const SLOTS_MAX = 128
/** Most classes of a feature; a value of a further one is unknown. */
const CLASSES_MAX = 16_384
/** Most classes of an array feature: its table is that many rows. */
const ARRAY_CLASSES_MAX = 256
/** Most that the tables of all features may take, in bytes; the values of larger ones are remembered one by one. */
const TABLES_BYTES_MAX = 32 * 1024 * 1024
/** So many lines are watched before a feature may count as one whose values do not come again … */
const LINES_MIN = 100_000
/** … because this share of the lines had a new one. */
const NEW_SHARE = 0.25
/** Numbers of more digits than this may be another number as a double. */
const LONG_NUMBER = /(?:^|[[{,:\s])-?[\d.]{16}/

/** The value is absent; nothing is known of it. The scanner knows these two. */
const ABSENT = 0
const UNKNOWN = 1

type Kind = 'prefix' | 'some' | 'memo'

/** A path of the event and a way of looking at its value, which sorts values into classes. */
interface Feature {
  kind: Kind
  readonly slot: number
  readonly leaves: Test[]
  /** Texts that values are looked for to begin with, and the leaves that ask for them. */
  readonly byText: Map<string, number[]>
  tree: readonly [PrefixNode, ...PrefixNode[]] | undefined
  /** By number; the first two are what every feature has. */
  classes: (ValueClass | undefined)[]
  byAnswers: Map<string, number>
  address: number
  /** For arrays: elements are told apart by the leaves that hold for them. */
  elements: ElementClasses | undefined
  asked: number
  late: boolean
}

/** Values of which the same is known: the positions of the leaves that hold, and that may. */
interface ValueClass {
  readonly yes: ReadonlySet<number>
  readonly unknown: ReadonlySet<number>
}

const NONE: ReadonlySet<number> = new Set()

/** One leaf. */
interface Test extends Leaf {
  readonly position: number
  readonly holds: (value: Value) => Answer
  /** For `some`. */
  readonly element: ElementTest | undefined
}

/** Holds for no element whose text is in its usual spelling. */
const NO_ELEMENT: ElementTest = { texts: [], holds: () => false }

/** The features of an index: what each path's values are tested for, and the classes that result. */
export class Features {
  readonly paths: string[][] = []
  readonly #matcher: Matcher
  readonly #features: Feature[] = []
  readonly #byKey = new Map<string, number>()
  readonly #byLiteral = new Map<string | ValueTest, Test>()
  #memory!: ScannerMemory
  #spare = 0
  #changed = false
  #lines = 0

  constructor(matcher: Matcher) {
    this.#matcher = matcher
  }

  /** The leaf of a literal that looks at one path; undefined where it looks at none or at data. */
  leaf(literal: Atom | Some): Leaf | undefined {
    if (literal.path.from !== 'event') return undefined
    if ('operand' in literal && !('constant' in literal.operand)) return undefined
    return this.#once(literal, (key, slot, depth) => {
      const about = rebase(literal, depth)
      const whole = about.path.steps.length === 0
      const texts = whole && about.kind === 'atom' ? atomTexts(about) : undefined
      const element = whole && about.kind === 'some' ? elementTest(about.where) : undefined
      const kind: Kind = texts ? 'prefix' : element ? 'some' : 'memo'
      const number = this.#feature(kind, slot)
      this.#index(texts ?? element?.texts ?? [], this.#features[number]!)
      return this.#leaf(key, number, element, this.#holds([[about]]))
    })
  }

  /** The leaf of alternatives that the beginning of one value decides. */
  gatheredLeaf(literal: Gathered): Leaf | undefined {
    return this.#once(literal, (key, slot, depth) => {
      const atoms = literal.residual.map(([atom]) => rebase(atom, depth))
      const feature = this.#feature('prefix', slot)
      this.#index(new Set(atoms.flatMap((atom) => atomTexts(atom)!)), this.#features[feature]!)
      return this.#leaf(key, feature, undefined, this.#holds(atoms.map((atom) => [atom])))
    })
  }

  /**
   * The leaf that was made for such a literal before, or a new one; undefined where its path cannot be
   * watched.
   *
   * @param make gets the number of names at the beginning of the path that are watched as its last
   */
  #once(
    literal: Atom | Some | Gathered,
    make: (key: string, slot: number, depth: number) => Test,
  ): Test | undefined {
    const key = literalKey(literal)
    const known = this.#byLiteral.get(key)
    if (known) return known
    const names = watchedNames(literal.path)
    const slot = this.#slot(names)
    return slot === undefined ? undefined : make(key, slot, names.length)
  }

  /** The leaf of an opaque literal that somebody has an answer for; undefined for any other. */
  opaqueLeaf({ reads }: Opaque, test: ValueTest | undefined): Leaf | undefined {
    const [path, ...others] = reads
    if (!test || !path || others.length > 0 || path.from !== 'event') return undefined
    const names = watchedNames(path)
    const slot = names.length === path.steps.length ? this.#slot(names) : undefined
    if (slot === undefined) return undefined
    const known = this.#byLiteral.get(test)
    if (known) return known
    const kind = { any: 'memo', text: 'prefix', texts: 'some' } as const
    const feature = this.#feature(kind[test.escaped ?? 'any'], slot)
    const element = test.escaped === 'texts' ? NO_ELEMENT : undefined
    return this.#leaf(test, feature, element, ({ json }) => (test.holds(json) ? 'yes' : 'no'))
  }

  /** @param residual about the value as if that were the event */
  #holds(residual: Residual): Test['holds'] {
    return ({ parsed }) =>
      parsed === undefined ? 'unknown' : said(holds(residual, parsed, this.#matcher))
  }

  #leaf(
    key: string | ValueTest,
    number: number,
    element: ElementTest | undefined,
    test: Test['holds'],
  ): Test {
    const { leaves } = this.#features[number]!
    const leaf = {
      number: this.#byLiteral.size,
      feature: number,
      position: leaves.length,
      holds: test,
      element,
    }
    leaves.push(leaf)
    this.#byLiteral.set(key, leaf)
    return leaf
  }

  /** Notes the texts that hold for the leaf that comes next. */
  #index(texts: Iterable<string>, { byText, leaves }: Feature): void {
    for (const text of texts) {
      const asking = byText.get(text)
      if (asking) asking.push(leaves.length)
      else byText.set(text, [leaves.length])
    }
  }

  #slot(names: string[]): number | undefined {
    if (names.length === 0) return undefined
    const key = JSON.stringify(names)
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    if (this.paths.length >= SLOTS_MAX) return undefined
    this.#byKey.set(key, this.paths.length)
    return this.paths.push(names) - 1
  }

  #feature(kind: Kind, slot: number): number {
    const key = `${kind} ${slot}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    this.#byKey.set(key, this.#features.length)
    return (
      this.#features.push({
        kind,
        slot,
        leaves: [],
        byText: new Map(),
        tree: undefined,
        elements: undefined,
        classes: [],
        byAnswers: new Map(),
        address: 0,
        asked: 0,
        late: false,
      }) - 1
    )
  }

  /** Says how many lines went by; a feature whose values do not come again is late from then on. */
  observe(lines: number): void {
    this.#lines += lines
    if (this.#lines < LINES_MIN) return
    for (const feature of this.#features) {
      if (feature.asked > this.#lines * NEW_SHARE) feature.late = this.#changed = true
      feature.asked = 0
    }
    this.#lines = 0
  }

  /** True where a feature became late. */
  get changed(): boolean {
    return this.#changed
  }

  /** Address of a decision's record that is free for use. */
  get spare(): number {
    return this.#spare
  }

  address(feature: number): number {
    return this.#features[feature]!.address
  }

  /** True for a feature that is only looked at when an event is a candidate otherwise. */
  isLate(feature: number): boolean {
    return this.#features[feature]!.late
  }

  /** The lower, the earlier it is asked for. */
  cost(feature: number): number {
    return { prefix: 0, some: 1, memo: 2 }[this.#features[feature]!.kind]
  }

  /** Bytes that all tables take. To be asked for once all leaves are known, and before `place`. */
  get bytes(): number {
    let total = 0
    const sized = this.#features.map((feature) => ({ feature, bytes: prepare(feature) }))
    for (const { feature, bytes } of sized.sort((a, b) => a.bytes - b.bytes)) {
      if (total + bytes <= TABLES_BYTES_MAX) total += bytes
      else {
        feature.kind = 'memo'
        feature.tree = feature.elements = undefined
      }
    }
    return total
  }

  /** Puts all features into memory, where there must be room for them. */
  place(memory: ScannerMemory): void {
    this.#memory = memory
    this.#changed = false
    this.#spare = memory.allocate(16)!
    this.#features.forEach((feature, number) => this.#place(feature, number))
  }

  #place(feature: Feature, number: number): void {
    const memory = this.#memory
    const { words } = memory
    const { kind, slot, tree, elements } = feature
    feature.address = memory.allocate(32)!
    feature.classes = [undefined, undefined]
    feature.byAnswers = new Map()
    const at = feature.address >> 2
    const kinds = { prefix: 'FEATURE_PREFIX', some: 'FEATURE_SOME', memo: 'FEATURE_MEMO' }
    words[at] = memory.constant(kinds[kind])
    words[at + 1] = memory.constant('SLOTS') + 8 * slot
    words[at + 2] = number
    if (!tree) return
    words[at + 3] = placeTree(memory, tree[0], (node) =>
      elements ? elements.byNode[node.number]! : this.#prefixClass(feature, node),
    )
    if (!elements) return
    words[at + 4] = this.#class(feature, NONE)
    words[at + 5] = memory.allocate(4 * ARRAY_CLASSES_MAX * elements.holding.length)!
    words[at + 6] = elements.holding.length
  }

  #prefixClass(feature: Feature, { texts }: PrefixNode): number {
    const yes = new Set([...texts].flatMap((text) => feature.byText.get(text) ?? []))
    return this.#class(feature, yes)
  }

  /** The class of values of which this is known. */
  #class(feature: Feature, yes: ReadonlySet<number>, unknown = NONE): number {
    const key = [yes, unknown].map((set) => [...set].sort((a, b) => a - b).join()).join(' ')
    const known = feature.byAnswers.get(key)
    if (known !== undefined) return known
    const most = feature.kind === 'some' ? ARRAY_CLASSES_MAX : CLASSES_MAX
    if (feature.classes.length >= most) return UNKNOWN
    feature.byAnswers.set(key, feature.classes.length)
    return feature.classes.push({ yes, unknown }) - 1
  }

  answer(leaf: Leaf, valueClass: number): Answer {
    if (valueClass === ABSENT) return 'no'
    if (valueClass === UNKNOWN) return 'unknown'
    const { position, feature } = leaf as Test
    const { yes, unknown } = this.#features[feature]!.classes[valueClass]!
    if (yes.has(position)) return 'yes'
    return unknown.has(position) ? 'unknown' : 'no'
  }

  classify(number: number, start: number, end: number): number {
    const feature = this.#features[number]!
    feature.asked++
    const value = new Value(Buffer.from(this.#memory.bytes.buffer, start, end - start))
    const yes = new Set<number>()
    const unknown = new Set<number>()
    for (const test of feature.leaves) {
      const answer = test.holds(value)
      if (answer !== 'no') (answer === 'yes' ? yes : unknown).add(test.position)
    }
    return this.#class(feature, yes, unknown)
  }

  combine(number: number, before: number, element: number): number {
    const feature = this.#features[number]!
    const result = this.#combined(feature, before, element)
    if (before < ARRAY_CLASSES_MAX) {
      const { words } = this.#memory
      const table = words[(feature.address >> 2) + 5]! >> 2
      words[table + before * feature.elements!.holding.length + element] = result
    }
    return result
  }

  #combined(feature: Feature, before: number, element: number): number {
    if (before === UNKNOWN) return UNKNOWN
    const held = feature.classes[before]!.yes
    return this.#class(feature, new Set([...held, ...feature.elements!.holding[element]!]))
  }

  /** What is known of a leaf once the whole event is at hand. */
  late(leaf: Leaf, spans: Spans): Answer {
    const test = leaf as Test
    const json = spans.json(this.#features[test.feature]!.slot)
    if (json === null) return 'no'
    return json === undefined ? 'unknown' : test.holds(new Value(json))
  }
}

/** A value of the event. */
class Value {
  readonly json: Buffer
  #parsed: { readonly value: Json | undefined } | undefined

  constructor(json: Buffer) {
    this.json = json
  }

  /** Undefined where a number in it may not be what OPA makes of it. */
  get parsed(): Json | undefined {
    this.#parsed ??= { value: exactValue(this.json.toString()) }
    return this.#parsed.value
  }
}

function exactValue(text: string): Json | undefined {
  return LONG_NUMBER.test(text) ? undefined : (JSON.parse(text) as Json)
}

function said(answer: Holds): Answer {
  return answer === 'maybe' ? 'unknown' : answer
}

/** Makes the tables of a feature, as far as it has some; the bytes that they take. */
function prepare(feature: Feature): number {
  if (feature.kind === 'memo') return 0
  const tree = (feature.tree ??= prefixTree(feature.byText.keys()))
  if (feature.kind === 'some') {
    const tests = feature.leaves.map(({ element }) => element!)
    feature.elements ??= elementClasses(tests, feature.byText, tree)
  }
  const rows = feature.elements ? ARRAY_CLASSES_MAX * feature.elements.holding.length : 0
  return treeBytes(tree) + 4 * rows
}
