/**
 * The residual of a guardrail: what is left of its body when only `input` and `data.org` are
 * unknown. It is the only thing that the event index, the Falco generator and the coverage of an
 * audit policy know about Rego. Plain JSON, so that a bundle can carry it.
 *
 * A residual is an OR of ANDs of literals, and every literal either holds for an event or does not:
 * what Rego leaves undefined does not hold. Each atom says below what absent and mistyped fields
 * mean for it, exactly as OPA has it; a `not` is then plain negation. Two consequences for whoever
 * reads partial evaluation into this type:
 *
 *   - `not input.a == "x"` is NOT of the atom (it holds where `a` is absent);
 *   - `not startswith(input.a, "x")`, like `not` of any call, evaluates the call's arguments outside
 *     of the negation, so it is `defined(a)` AND NOT of the atom.
 *
 * The residual of a guardrail is about its body. A head that is undefined (a message that cannot be
 * built) takes the violation away: bodies are necessary for a violation, and sufficient only where
 * heads are always defined.
 */

/** A JSON value. A number that a double cannot hold exactly must not become a constant: it is opaque. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json }

/** A member's name, or an array's index. A name never reaches into an array, nor an index into an object. */
export type Step = string | number

/**
 * Where a path begins: the event (`input`), the data document (`data`), or what an enclosing `some`
 * stands at: its element, or that element's key (an object's name, an array's index). Enclosing
 * `some` literals are numbered from 1, the outermost, through any `not` and `any` between them.
 */
export type Origin = 'event' | 'data' | { readonly element: number } | { readonly key: number }

/** `{from: 'event', steps: ['user', 'username']}` is `input.user.username`. No steps: all of it. */
export interface Path {
  readonly from: Origin
  readonly steps: readonly Step[]
}

/**
 * What an atom compares with. A `concat` is a template string; each part must be a string. After
 * `bindData` there are only constants, and paths from the event where two of its fields are compared.
 */
export type Operand =
  | { readonly constant: Json }
  | { readonly path: Path }
  | { readonly concat: readonly Operand[] }

/** Tests that compare a path's value with one operand. None holds where the path, or the operand, is absent. */
export type ComparingOperator =
  /** Equal values; numbers by value, `1` and `1.0` are equal. */
  | 'equal'
  /** Present, and another value, of the same type or not. */
  | 'notEqual'
  /** Equal to one of the operand's elements (an array's, or the values of an object). */
  | 'in'
  /** OPA's total order of values: null < booleans < numbers < strings < arrays < objects. `"a" > 1` holds. */
  | 'less'
  | 'lessOrEqual'
  | 'greater'
  | 'greaterOrEqual'
  /** Strings, both; another type on either side does not hold. */
  | 'startsWith'
  | 'endsWith'
  /** The operand is a substring. */
  | 'contains'
  /** The operand is a pattern of RE2; unanchored. */
  | 'regexMatch'
  /** The operand is a network or an address, the path's value an address or a network inside of it. */
  | 'cidrContains'

/** Tests without an operand. */
export type UnaryOperator =
  /** There is a value, whatever it is; false and null count. */
  | 'defined'
  /** There is a value other than false; null counts. A path that stands alone in a Rego body. */
  | 'truthy'

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

/**
 * One test of one path. `location`, here and in other literals, is where OPA says that it was
 * written; it is for explanations, is no part of what a literal says, and is not kept in bundles.
 */
export type Atom =
  | {
      readonly kind: 'atom'
      readonly path: Path
      readonly operator: ComparingOperator
      readonly operand: Operand
      readonly location?: Place
    }
  | {
      readonly kind: 'atom'
      readonly path: Path
      readonly operator: UnaryOperator
      readonly location?: Place
    }
  /** `is_string(path)` and its like. */
  | {
      readonly kind: 'atom'
      readonly path: Path
      readonly operator: 'type'
      readonly type: TypeName
      readonly location?: Place
    }
  /** `glob.match(operand, delimiters, path)`; null is "no delimiter", as in Rego. */
  | {
      readonly kind: 'atom'
      readonly path: Path
      readonly operator: 'globMatch'
      readonly operand: Operand
      readonly delimiters: readonly string[] | null
      readonly location?: Place
    }

/**
 * There is an element, of the array or object at `path`, for which `where` holds. Of an object the
 * values are the elements. Does not hold for a scalar, an absent path, or nothing in it.
 */
export interface Some {
  readonly kind: 'some'
  readonly path: Path
  readonly where: Residual
  readonly location?: Place
}

/** `residual` does not hold. */
export interface Not {
  readonly kind: 'not'
  readonly residual: Residual
  readonly location?: Place
}

/** An OR inside of an AND, kept together so that alternatives do not multiply. */
export interface Any {
  readonly kind: 'any'
  readonly residual: Residual
  readonly location?: Place
}

/** Something that is not understood: it may hold. */
export interface Opaque {
  readonly kind: 'opaque'
  /** What it looks at, at most; a path covers everything below it. A path without steps: anything. */
  readonly reads: readonly Path[]
  /** The Rego text that remained. */
  readonly text: string
  readonly location?: Place
}

/** A place in Rego: a file by its path in the bundle, one-based row and column. */
export interface Place {
  readonly file: string
  readonly row: number
  readonly column: number
}

/** An answer for an opaque literal that looks at one path only. Without a value there it does not hold. */
export interface ValueTest {
  /** @param json text of the value */
  holds(json: Uint8Array): boolean
  /** Given where it holds for no text, or for no array of texts, that is spelled without an escape. */
  readonly escaped?: 'text' | 'texts'
}

export type Literal = Atom | Some | Not | Any | Opaque

/** All of the literals hold. An empty one always holds. */
export type Conjunction = readonly Literal[]

/** One of the conjunctions holds. `[]` never does, `[[]]` always. */
export type Residual = readonly Conjunction[]

export const NEVER: Residual = []
export const ALWAYS: Residual = [[]]

/** One guardrail, as far as its users need to know it. */
export interface GuardrailResidual {
  /** Slash path of the guardrail's own entrypoint, `guardrails/workloads/pod_exec/violation`. */
  readonly entrypoint: string
  readonly residual: Residual
  /** Everything that bodies, heads and messages look at in the event; a path covers what is below it. */
  readonly reads: readonly Path[]
  /**
   * The decision follows from `reads` and data alone. False where the guardrail asks for the time,
   * chance or the network: such a decision must not be remembered.
   */
  readonly pure: boolean
}

/** `eventPath('user', 'username')` is `input.user.username`. */
export function eventPath(...steps: readonly Step[]): Path {
  return { from: 'event', steps }
}

/** `dataPath('org', 'networks')` is `data.org.networks`. */
export function dataPath(...steps: readonly Step[]): Path {
  return { from: 'data', steps }
}

/** A path from the element of the `some` with this number (1 is the outermost). */
export function elementPath(element: number, ...steps: readonly Step[]): Path {
  return { from: { element }, steps }
}

/** An atom that compares with a constant. */
export function compare(path: Path, operator: ComparingOperator, constant: Json): Atom {
  return { kind: 'atom', path, operator, operand: { constant } }
}

/** An atom without an operand. */
export function test(path: Path, operator: UnaryOperator): Atom {
  return { kind: 'atom', path, operator }
}

export function not(...residual: readonly Conjunction[]): Not {
  return { kind: 'not', residual }
}

export function any(...residual: readonly Conjunction[]): Any {
  return { kind: 'any', residual }
}

export function some(path: Path, ...where: readonly Conjunction[]): Some {
  return { kind: 'some', path, where }
}

/** `input.user["a b"][0]`, `data.org.networks`, `element1.image`: for messages and as a map's key. */
export function pathText(path: Path): string {
  return path.steps.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return /^[A-Za-z_]\w*$/.test(step) ? `${text}.${step}` : `${text}[${JSON.stringify(step)}]`
  }, originText(path.from))
}

function originText(from: Origin): string {
  if (from === 'event') return 'input'
  if (from === 'data') return 'data'
  return 'element' in from ? `element${from.element}` : `key${from.key}`
}
