/**
 * Assembles the positioned tree from js-yaml's open and close events.
 *
 * js-yaml reads a node by trying: an attempt that is given up leaves closed children behind, and a
 * node that turns out not to be a mapping is handed up by its attempt. So children are attributed by
 * the indicators (`-`, `?`, `:`, `,`) that stand between them in the source, and the result is held
 * against js-yaml's own value: a shape that does not agree is refused rather than guessed.
 */
import type { Diagnostic } from './diagnostic.ts'
import type { Span } from './document.ts'
import { arrange, type Child, type Frame, itemGroups, type Mark } from './yaml-marks.ts'
import type { ScalarStyle, YamlMapping, YamlNode, YamlPair } from './yaml-node.ts'

/** What of js-yaml's parser state is read. */
interface ParserState {
  readonly input: string
  readonly position: number
  readonly kind: string | null
  readonly result: unknown
  readonly tag?: string | null
  readonly anchor?: string | null
}

/** Thrown through js-yaml to stop it; `parseYaml` catches it. */
export class YamlRefusal extends Error {
  readonly diagnostic: Diagnostic

  constructor(code: string, message: string, span: Span, help?: string) {
    super(message)
    this.diagnostic = { code, severity: 'error', message, span, ...(help ? { help } : {}) }
  }
}

export interface BuilderOptions {
  /** Added to every position: js-yaml does not see a byte-order mark. */
  readonly shift: number
  readonly nodesMax: number
  readonly duplicateKeys: 'error' | 'keep'
}

export class YamlBuilder {
  readonly documents: YamlNode[] = []
  readonly diagnostics: Diagnostic[] = []
  readonly #options: BuilderOptions
  readonly #frames: Frame[] = []
  #anchors = new Map<string, Child>()
  #size = 0

  constructor(options: BuilderOptions) {
    this.#options = options
  }

  open(state: ParserState): void {
    if (this.#frames.length === 0) this.#anchors = new Map()
    this.#frames.push({ open: state.position, children: [] })
  }

  close(state: ParserState): void {
    const frame = this.#frames.pop()!
    const child = this.#child(state, frame)
    if (state.anchor) this.#anchors.set(state.anchor, child)
    const parent = this.#frames.at(-1)
    if (parent) {
      parent.children.push(child)
      return
    }
    this.documents.push(child.node)
    this.#size += child.size
    if (this.#size > this.#options.nodesMax) this.#refuseSize(child.node.span)
  }

  #child(state: ParserState, frame: Frame): Child {
    const start = contentStart(state.input, frame.open)
    const place = { open: frame.open, stop: state.position, result: state.result }
    if (state.kind === null) {
      const first = frame.children[0]
      // An attempt at a mapping found an alias and hands it up.
      if (first && state.input[start] === '*' && state.position > start)
        return { ...first, ...place }
      if (state.input[start] === '*' && state.position > start) {
        return { ...this.#alias(state, start), ...place }
      }
      return { node: this.#empty(frame.open, state), size: 1, ...place }
    }
    if (state.kind === 'scalar')
      return { node: this.#scalar(state, frame, start), size: 1, ...place }
    const inner = frame.children[0]
    if (frame.children.length === 1 && inner && inner.result === state.result) {
      return { ...inner, node: withTag(inner.node, state), ...place }
    }
    const node = this.#collection(state, frame, start)
    const size = frame.children.reduce((sum, child) => sum + child.size, 1)
    if (size > this.#options.nodesMax) this.#refuseSize(node.span)
    return { node, size, ...place }
  }

  #span(start: number, end: number): Span {
    return { start: start + this.#options.shift, end: end + this.#options.shift }
  }

  #empty(open: number, state: ParserState): YamlNode {
    return withTag(this.#emptyAt(open), state)
  }

  #emptyAt(at: number): YamlNode {
    const span = this.#span(at, at)
    return { kind: 'scalar', style: 'empty', text: '', span, content: span }
  }

  #scalar(state: ParserState, frame: Frame, start: number): YamlNode {
    const style = scalarStyle(state.input[start])
    const handedUp = frame.children.find((child) => child.open >= start)
    let end = handedUp && handedUp.result === state.result ? handedUp.stop : state.position
    if (style === 'plain') while (end > start && /\s/.test(state.input[end - 1]!)) end--
    const content = this.#span(start, end)
    const text = typeof state.result === 'string' ? state.result : ''
    return withTag({ kind: 'scalar', style, text, span: content, content }, state)
  }

  #alias(state: ParserState, start: number): { node: YamlNode; size: number } {
    const name = /[^\s,[\]{}]+/y
    name.lastIndex = start + 1
    const text = name.exec(state.input)?.[0] ?? ''
    const span = this.#span(start, start + 1 + text.length)
    const target = this.#anchors.get(text)
    if (!target || target.result !== state.result) {
      throw new YamlRefusal(
        'YAML_SYNTAX',
        `the alias \`${text}\` stands inside the node that it names`,
        span,
        'write the value out instead of using an alias',
      )
    }
    return { node: { ...target.node, span }, size: target.size }
  }

  #collection(state: ParserState, frame: Frame, start: number): YamlNode {
    const last = frame.children.at(-1)
    const flow = state.input[start] === '[' || state.input[start] === '{'
    const closed = flow && /[\]}]/.test(state.input[state.position - 1] ?? '')
    const end = closed || !last ? state.position : last.node.span.end - this.#options.shift
    const content = this.#span(start, Math.max(start, end))
    const base = { span: content, content }
    const marks = arrange(state.input, frame, { start, stop: state.position, flow })
    const node: YamlNode =
      state.kind === 'sequence'
        ? { kind: 'sequence', items: this.#items(marks, flow), ...base }
        : { kind: 'mapping', pairs: this.#pairs(marks), ...base }
    this.#verify(node, state.result)
    if (node.kind === 'mapping' && this.#options.duplicateKeys === 'error') this.#duplicates(node)
    return withTag(node, state)
  }

  #items(marks: readonly Mark[], flow: boolean): YamlNode[] {
    return itemGroups(marks, flow).map((group) => {
      if (!group.some((mark) => mark.sign === ':' || mark.sign === '?')) {
        return group.find((mark) => mark.child)?.child?.node ?? this.#emptyAt(group[0]!.at + 1)
      }
      // `[a: b]` is a mapping of one pair without a node of its own.
      const pairs = this.#pairs(group)
      const span = { start: pairs[0]!.key.span.start, end: pairs[0]!.value.span.end }
      return { kind: 'mapping', pairs, span, content: span }
    })
  }

  #pairs(marks: readonly Mark[]): YamlPair[] {
    const pairs: { key: YamlNode; value?: YamlNode; explicit: boolean }[] = []
    let expects: 'key' | 'explicit' | 'value' = 'key'
    for (const { sign, at, child } of marks) {
      if (sign === '?') {
        expects = 'explicit'
      } else if (sign === ':') {
        if (expects === 'explicit' || pairs.length === 0) {
          pairs.push({ key: this.#emptyAt(at), explicit: true })
        }
        pairs.at(-1)!.explicit = true
        expects = 'value'
      } else if (child && expects === 'value') {
        pairs.at(-1)!.value = child.node
        expects = 'key'
      } else if (child) {
        pairs.push({ key: child.node, explicit: expects === 'explicit' })
        expects = 'key'
      }
    }
    return pairs
      .filter((pair) => pair.explicit || !isEmpty(pair.key))
      .map(({ key, value }) => ({
        key,
        value: value ?? this.#emptyAt(key.span.end - this.#options.shift),
      }))
  }

  /** Holds the tree against js-yaml's value: as many items, the same keys. */
  #verify(node: YamlNode, value: unknown): void {
    const agrees =
      node.kind === 'sequence'
        ? Array.isArray(value) && value.length === node.items.length
        : node.kind === 'mapping' && sameKeys(node, value)
    if (agrees) return
    throw new YamlRefusal(
      'YAML_SYNTAX',
      'this way of writing a collection is not supported',
      node.span,
      'write each key and each item on a line of its own',
    )
  }

  #duplicates(node: YamlMapping): void {
    const seen = new Set<string>()
    for (const { key } of node.pairs) {
      if (key.kind !== 'scalar') continue
      if (seen.has(key.text)) {
        this.diagnostics.push({
          code: 'YAML_DUPLICATE_KEY',
          severity: 'error',
          message: `the key \`${key.text}\` stands twice in one mapping`,
          span: key.span,
          help: 'remove one of the two, or give them different names',
        })
      }
      seen.add(key.text)
    }
  }

  #refuseSize(span: Span): never {
    throw new YamlRefusal(
      'YAML_TOO_LARGE',
      `the text expands to more than ${this.#options.nodesMax} nodes`,
      span,
      'aliases count as often as they are used; write fewer of them',
    )
  }
}

function sameKeys(node: YamlMapping, value: unknown): boolean {
  const keys = new Set(Object.keys(value as object))
  const own = new Set<string>()
  for (const { key } of node.pairs) {
    if (key.kind !== 'scalar') return node.pairs.length >= keys.size
    own.add(key.style === 'empty' ? 'null' : key.text)
  }
  return own.size === keys.size && [...own].every((key) => keys.has(key))
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.style === 'empty'
}

function scalarStyle(first: string | undefined): ScalarStyle {
  if (first === '"') return 'double'
  if (first === "'") return 'single'
  if (first === '|') return 'literal'
  return first === '>' ? 'folded' : 'plain'
}

function withTag(node: YamlNode, state: ParserState): YamlNode {
  const tag = state.tag
  return tag && tag !== '?' ? { ...node, tag } : node
}

/** Where the content begins after blanks, comments, tags and anchors. */
function contentStart(input: string, open: number): number {
  const skip = /(?:[ \t\r\n]+|#[^\r\n]*|[!&][^\s,[\]{}]*)*/y
  skip.lastIndex = open
  skip.exec(input)
  return skip.lastIndex
}
