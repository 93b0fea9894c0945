import * as fc from 'fast-check'

/** Rego of every form that the reader knows, over a few paths that events have in many shapes. */

const scalars = ['"a"', '"b"', '"ab"', '"A"', '""', '1', '2', '0', 'true', 'false', 'null']
const texts = ['"a"', '"b"', '"ab"', '""', '"A"']
const paths = [
  'input.user.name',
  'input.verb',
  'input.code',
  'input.obj',
  'input.obj.kind',
  'input.list',
  'input.list[0]',
  'input.obj.items',
  'input.map',
  'input.map.a',
]
const dataPaths = ['data.org.names', 'data.org.flag', 'data.org.none', 'data.org.limits.high']
const collections = ['input.list', 'input.obj.items', 'input.map', 'data.org.names', 'input.code']

/** Those that elements and the values of rules mostly have, so that they often meet. */
const few = ['"a"', '"b"', '1']
const pick = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values)

interface Context {
  /** Variables that stand for elements. */
  readonly elements?: readonly string[]
  /** Terms that can stand where a path stands. */
  readonly terms: readonly string[]
  readonly depth: number
  /** Number of the next variable. */
  readonly next: number
}

/** One or more statements of a body, joined by newlines. */
function statement(context: Context): fc.Arbitrary<string> {
  const term = pick(context.terms)
  const deeper = { ...context, depth: context.depth + 1 }
  const compared = fc
    .tuple(term, pick(['==', '!=', '==', '!=', '<', '>=', '<=', '>']), pick([...few, ...scalars]))
    .map((parts) => parts.join(' '))
  const plain: fc.Arbitrary<string>[] = [
    compared,
    compared,
    compared,
    fc
      .tuple(term, pick(['==', '!=', '==', '!=', '<', '>=', '<=', '>']), pick(scalars))
      .map((p) => p.join(' ')),
    fc.tuple(term, pick(['==', '!=', '<']), pick(context.terms)).map((p) => p.join(' ')),
    term,
    fc
      .tuple(pick(['startswith', 'endswith', 'contains']), term, pick([...texts, ...context.terms]))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc.tuple(pick(scalars), pick(collections)).map(([a, b]) => `${a} in ${b}`),
    fc.tuple(term, pick(collections)).map(([a, b]) => `${a} in ${b}`),
    fc
      .tuple(term, fc.uniqueArray(pick(scalars), { minLength: 1, maxLength: 3 }))
      .map(([a, b]) => `${a} in {${b.join(', ')}}`),
    fc
      .tuple(pick(collections), pick(['> 0', '== 0', '> 1', '!= 2', '<= 1']))
      .map(([a, b]) => `count(${a}) ${b}`),
    fc
      .tuple(pick(['is_string', 'is_array', 'is_number', 'is_null']), term)
      .map(([a, b]) => `${a}(${b})`),
    fc
      .tuple(term, pick(['"^a"', '"b$"', '"a|b"', '"("']))
      .map(([a, b]) => `regex.match(${b}, ${a})`),
    pick(HELPERS),
    fc.tuple(pick(FUNCTIONS), term).map(([name, a]) => `${name}(${a})`),
    fc.tuple(pick(VALUES), pick(['==', '!=']), pick(scalars)).map((p) => p.join(' ')),
    fc
      .tuple(pick(VALUE_FUNCTIONS), term, pick(scalars))
      .map(([name, a, b]) => `${name}(${a}) == ${b}`),
    fc.tuple(pick(OBJECTS), term, pick(scalars)).map(([name, a, b]) => `${name}[${a}] == ${b}`),
    fc
      .tuple(
        pick(['"user"', '["user", "name"]', '["list", 0]', '"code"']),
        pick(scalars),
        pick(scalars),
      )
      .map(([key, a, b]) => `object.get(input, ${key}, ${a}) == ${b}`),
    fc
      .tuple(term, pick(['"kind"', '"a"', '["a"]']), pick(scalars), pick(scalars))
      .map(([a, key, b, c]) => `object.get(${a}, ${key}, ${b}) == ${c}`),
    fc.tuple(term, pick(texts)).map(([a, b]) => `lower(${a}) == ${b}`),
    fc.tuple(term, pick(texts)).map(([a, b]) => `startswith(lower(${a}), ${b})`),
    fc.tuple(term, pick(context.terms)).map(([a, b]) => `${a} == $"a{${b}}"`),
    fc
      .tuple(term, pick(context.terms), pick(texts))
      .map(([a, b, c]) => `${a} == concat("", [${b}, ${c}])`),
    fc
      .tuple(pick(texts), pick(texts), term)
      .map(([a, b, c]) => `startswith($"a{${c}}b", concat("", [${a}, ${b}]))`),
    fc.tuple(term, pick(scalars), pick(scalars)).map(([a, b, c]) => `[${b}, ${c}] == ${a}`),
    fc.tuple(pick(SETS), pick(['> 0', '== 0', '>= 2'])).map(([a, b]) => `count(${a}) ${b}`),
    fc
      .tuple(pick(SETS), pick(SETS), pick(['&', '|', '-']), pick(['> 0', '== 0']))
      .map(([a, b, o, c]) => `count(${a} ${o} ${b}) ${c}`),
    fc.tuple(term, pick(SETS)).map(([a, b]) => `${a} in ${b}`),
    fc
      .tuple(term, pick(['sprintf("%v", [1])', 'upper("a")', 'trim("a", "b")']))
      .map(([a, b]) => `${a} == ${b}`),
    fc
      .tuple(pick(['input.list', 'input.map', 'input.obj.items', 'data.org.names']), term)
      .map(([a, b]) => `${a}[${b}]`),
  ]
  const simple = fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...plain) },
    { weight: 1, arbitrary: fc.oneof(...ruled(term)) },
  )
  if (context.depth > 2) return simple
  const variable = `v${context.next}_${context.depth}`
  const within = {
    ...deeper,
    next: context.next + 1,
    terms: [variable, `${variable}.k`, variable, `${variable}.v`, ...context.terms],
    elements: [...(context.elements ?? []), variable],
  }
  const nested = (context.elements ?? []).flatMap((name) => [`${name}.items`, `${name}.items`])
  // Rego refuses a variable that is declared and not used.
  const inner = body(within, 2).map((text) =>
    new RegExp(`\\b${variable}\\b`).test(text) ? text : `${text}\n${variable} != 99`,
  )
  return fc.oneof(
    { weight: 12, arbitrary: simple },
    { weight: 4, arbitrary: simple.filter(isNegatable).map((one) => `not ${one}`) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(pick([...collections, ...nested, ...SETS]), inner)
        .map(([a, b]) => `some ${variable} in ${a}\n${b}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(pick(collections), inner)
        .map(([a, b]) => `${variable} := ${a}[k${variable}]\n${b}\nk${variable} != 1`),
    },
    { weight: 2, arbitrary: fc.tuple(term, inner).map(([a, b]) => `${variable} := ${a}\n${b}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(pick(collections), inner)
        .map(([a, b]) => `every ${variable} in ${a} {\n${b}\n}`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(pick(collections), inner, pick(['> 0', '== 0', '!= 0', '> 1']))
        .map(
          ([a, b, c]) =>
            `count({${variable} | some ${variable} in ${a}; ${b.replaceAll('\n', '; ')}}) ${c}`,
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(pick(collections), inner, term)
        .map(
          ([a, b, c]) =>
            `${c} in {${variable} | some ${variable} in ${a}; ${b.replaceAll('\n', '; ')}}`,
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(term, inner)
        .map(([a, b]) => `[${variable}, o${variable}] := ${a}\no${variable} != 2\n${b}`),
    },
  )
}

function isNegatable(statement: string): boolean {
  return !/^(?:not|some) |:=|\n/.test(statement)
}

/** Statements about the module's other rules. */
function ruled(term: fc.Arbitrary<string>): fc.Arbitrary<string>[] {
  return [
    pick(HELPERS),
    fc.tuple(pick(FUNCTIONS), term).map(([name, a]) => `${name}(${a})`),
    fc
      .tuple(pick(VALUES), pick(['==', '!=']), pick([...few, ...few, ...scalars]))
      .map((parts) => parts.join(' ')),
    fc.tuple(pick(VALUES), pick(VALUES)).map(([a, b]) => `${a} == ${b}`),
    pick(VALUES),
    pick(VALUES).map((name) => `not ${name}`),
    fc
      .tuple(pick(VALUE_FUNCTIONS), term, pick(['==', '!=']), pick([...few, ...few, ...scalars]))
      .map(([name, a, sign, b]) => `${name}(${a}) ${sign} ${b}`),
    fc.tuple(pick(VALUE_FUNCTIONS), term).map(([name, a]) => `not ${name}(${a})`),
    fc
      .tuple(pick(OBJECTS), term, pick([...few, ...few, ...scalars]))
      .map(([name, a, b]) => `${name}[${a}] == ${b}`),
    fc
      .tuple(pick(OBJECTS), pick([...few, ...few, ...scalars]))
      .map(([name, b]) => `${name}.a == ${b}`),
    fc
      .tuple(
        pick(SETS),
        pick(SETS),
        pick([...few, ...few, ...scalars]),
        pick([...few, ...few, ...scalars]),
        fc.nat({ max: 99 }),
      )
      .map(
        ([a, b, c, d, n]) => `some e${n} in ${a}
some d${n} in ${b}
e${n}.k == ${c}
d${n}.v == ${d}`,
      ),
    fc.tuple(pick(SETS), pick(SETS), fc.nat({ max: 99 })).map(
      ([a, b, n]) => `some e${n} in ${a}
some d${n} in ${b}
e${n}.k == d${n}.v`,
    ),
    fc.tuple(pick(SETS), pick(['> 0', '== 0', '>= 2'])).map(([a, b]) => `count(${a}) ${b}`),
    fc
      .tuple(pick(SETS), pick(SETS), pick(['&', '|', '-']), pick(['> 0', '== 0']))
      .map(([a, b, sign, c]) => `count(${a} ${sign} ${b}) ${c}`),
    fc
      .tuple(
        pick(['startswith', 'contains', 'endswith']),
        term,
        pick(texts),
        pick(['true', 'false']),
        fc.nat({ max: 99 }),
      )
      .map(
        ([name, a, b, c, n]) => `r${n} := ${name}(${a}, ${b})
r${n} == ${c}`,
      ),
  ]
}

const HELPERS = ['h1', 'h2', 'h3', 'not h1', 'not h2', 'not h3']
const FUNCTIONS = ['f1', 'f2', 'not f1', 'not f2']
const VALUES = ['v1', 'v2', 'v3']
const VALUE_FUNCTIONS = ['g1', 'g2']
const OBJECTS = ['o1', 'o2']
const SETS = ['s1', 's2']

function body(context: Context, max: number): fc.Arbitrary<string> {
  const numbered = Array.from({ length: max }, (_, i) =>
    statement({ ...context, next: context.next * 10 + i }),
  )
  return fc
    .tuple(fc.integer({ min: 1, max }), ...numbered)
    .map(([count, ...statements]) => (statements as string[]).slice(0, count).join('\n'))
}

const outer: Context = { terms: [...paths, ...dataPaths], depth: 1, next: 1 }

/** Helpers may use those that stand before them only, and be used by all: rules must not recurse. */
function only(names: readonly string[], arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const forbidden = [...HELPERS, ...FUNCTIONS, ...VALUES, ...VALUE_FUNCTIONS, ...OBJECTS, ...SETS]
    .map((name) => name.replace('not ', ''))
    .filter((name) => !names.includes(name))
  const pattern = new RegExp(`\\b(${forbidden.join('|')})\\b`)
  return arbitrary.filter((text) => !pattern.test(text))
}

const argument: Context = { terms: ['x', 'x.k', 'x', ...paths.slice(0, 5)], depth: 2, next: 7 }

/** A module with a guardrail `guardrails.test.generated`. */
export const policy: fc.Arbitrary<string> = fc
  .record({
    h1: fc.tuple(only([], body(outer, 2)), only([], body(outer, 2))),
    h2: only(['h1'], body(outer, 2)),
    h3: fc.tuple(only(['h1'], body(outer, 1)), only([], body(outer, 1))),
    f1: fc.tuple(only(['h1'], body(argument, 2)), only([], body(argument, 1))),
    f2: only([], body(argument, 1)),
    g1: fc.tuple(only([], body(argument, 1)), only([], body(argument, 1))),
    g2: only([], body(argument, 1)),
    v1: fc.tuple(pick([...paths, ...few]), only([], body(outer, 1)), pick(few)),
    v2: fc.tuple(pick(few), only(['h1'], body(outer, 1)), pick([...paths, ...few])),
    v3: fc.tuple(pick(scalars), only([], body(outer, 1)), pick(scalars), only([], body(outer, 1))),
    s1: fc.tuple(
      pick(collections),
      only([], body(argument, 1)),
      pick(paths),
      only([], body(outer, 1)),
    ),
    s2: only(['h1', 's1'], body({ ...argument, terms: ['x', 'x.k'] }, 1)),
    o1: fc.tuple(pick(['input.map', 'input.list']), only([], body(argument, 1))),
    o2: fc.tuple(pick(paths), pick(scalars)),
    first: body(outer, 3),
    second: body(outer, 2),
    message: pick([
      '"m"',
      '$"m {input.verb}"',
      '$"m {v1}"',
      'concat(" ", ["m", input.verb])',
      '$"m {concat(",", s1)}"',
    ]),
  })
  .map(
    (parts) => `package guardrails.test.generated

violation contains {"id": "t", "priority": "Notice", "message": message} if {
${parts.first}
message := ${parts.message}
}

violation contains {"id": "t", "priority": "Notice", "message": "n"} if {
${parts.second}
}

h1 if {
${parts.h1[0]}
}

h1 if {
${parts.h1[1]}
}

h2 if {
${parts.h2}
}

default h3 := false

h3 if {
${parts.h3[0]}
}

h3 if {
${parts.h3[1]}
}

f1(x) if {
${parts.f1[0]}
}

f1(x) if {
${parts.f1[1]}
}

f2(x) if {
${parts.f2}
}

g1(x) := "a" if {
${parts.g1[0]}
} else := x if {
${parts.g1[1]}
} else := 1

default g2(_) := "b"

g2(x) := x if {
${parts.g2}
}

v1 := ${parts.v1[0]} if {
${parts.v1[1]}
} else := ${parts.v1[2]}

default v2 := "ab"

v2 := ${parts.v2[0]} if {
${parts.v2[1]}
} else := ${parts.v2[2]}

v3 := ${parts.v3[0]} if {
${parts.v3[1]}
}

v3 := ${parts.v3[2]} if {
${parts.v3[3]}
}

s1 contains x if {
some x in ${parts.s1[0]}
${parts.s1[1]}
}

s1 contains ${parts.s1[2]} if {
${parts.s1[3]}
}

s2 contains x if {
some x in s1
${parts.s2}
}

o1[y] := x if {
some y, x in ${parts.o1[0]}
${parts.o1[1]}
}

o2 := {"a": ${parts.o2[0]}, "b": ${parts.o2[1]}}
`,
  )

const scalar = fc.constantFrom(
  'a',
  'b',
  'ab',
  'A',
  'aa',
  'aab',
  '',
  'ba',
  1,
  2,
  0,
  true,
  false,
  null,
)
const member = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 1) },
  { weight: 1, arbitrary: scalar },
)
const element = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.record(
    { k: member, v: member, kind: scalar, a: scalar, items: fc.array(member, { maxLength: 2 }) },
    { requiredKeys: [] },
  ),
)
const list = fc.array(element, { maxLength: 3 })
const anything = fc.oneof(
  scalar,
  list,
  fc.record({ kind: scalar, a: scalar, k: scalar, name: scalar }, { requiredKeys: [] }),
)
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: anything })

/** Events with the paths that policies read, present, absent and of other types. */
export const event: fc.Arbitrary<object> = fc.record(
  {
    user: mostly(fc.record({ name: mostly(scalar) }, { requiredKeys: [] })),
    verb: mostly(scalar),
    code: mostly(scalar),
    obj: mostly(fc.record({ kind: mostly(scalar), items: mostly(list) }, { requiredKeys: [] })),
    list: mostly(list),
    map: mostly(fc.record({ a: element, b: element, kind: element }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
)

export const data: fc.Arbitrary<object> = fc.record({
  org: fc.record(
    {
      names: mostly(fc.array(scalar, { maxLength: 3 })),
      flag: mostly(fc.boolean()),
      limits: mostly(fc.record({ high: mostly(scalar) })),
    },
    { requiredKeys: [] },
  ),
})
