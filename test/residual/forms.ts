/** The body of a rule, helpers beside it, and the residual that it has, as text. */
export interface Form {
  readonly note: string
  readonly body: string
  readonly helpers?: string
  readonly want: string
}

export const forms: readonly Form[] = [
  { note: 'equality holds where the field is', body: 'input.u == "x"', want: `input.u == "x"` },
  {
    note: 'another value, which an absent field is not',
    body: 'input.u != "x"',
    want: `input.u != "x"`,
  },
  {
    note: 'NOT of an equality holds where the field is absent',
    body: 'not input.u == "x"',
    want: `not input.u == "x"`,
  },
  {
    note: 'NOT of a call evaluates its argument outside',
    body: 'not startswith(input.u, "x")',
    want: `input.u is there
not startsWith(input.u, "x")`,
  },
  {
    note: 'NOT of an inequality is a call too',
    body: 'not input.u != "x"',
    want: `input.u == "x"`,
  },
  { note: 'a field alone', body: 'input.u', want: `input.u` },
  { note: 'NOT of a field', body: 'not input.u', want: `not input.u` },
  {
    note: 'order, with the constant on either side',
    body: 'input.n >= 400\n500 > input.n',
    want: `input.n >= 400
input.n < 500`,
  },
  { note: 'one of a set', body: 'input.u in {"b", "a"}', want: `input.u in ["a","b"]` },
  {
    note: 'a constant in a list of the event',
    body: '"*" in input.verbs',
    want: `some in input.verbs:
  element1 == "*"`,
  },
  {
    note: 'one of a list in data',
    body: 'input.u in data.org.users',
    want: `input.u in data.org.users`,
  },
  {
    note: 'an element of data that a field begins with',
    body: 'some p in data.org.prefixes\nstartswith(input.u, p)',
    want: `some in data.org.prefixes:
  startsWith(input.u, element1)`,
  },
  {
    note: 'one element that meets two conditions',
    body: 'some c in input.list\nc.a == 1\nc.b == 2',
    want: `some in input.list:
  element1.a == 1
  element1.b == 2`,
  },
  {
    note: 'two elements that need not be the same',
    body: 'input.list[_].a == 1\ninput.list[_].b == 2',
    want: `some in input.list:
  element1.a == 1
some in input.list:
  element1.b == 2`,
  },
  {
    note: 'an index that two references share',
    body: 'input.list[i].a == 1\ninput.list[i].b == 2',
    want: `some in input.list:
  element1.a == 1
  element1.b == 2`,
  },
  {
    note: 'an element of an element',
    body: 'some c in input.list\nsome d in c.list\nd == c.name',
    want: `some in input.list:
  some in element1.list:
    element1.name == element2`,
  },
  {
    note: 'a member with the name that another field has',
    body: 'input.map[input.key] == 1',
    want: `some in input.map:
  key1 == input.key
  element1 == 1`,
  },
  {
    note: 'helpers of one body are in line',
    body: 'h',
    helpers: 'h if {\ninput.a == 1\ninput.b == 2\n}',
    want: `input.a == 1
input.b == 2`,
  },
  {
    note: 'helpers of several bodies are one condition',
    body: 'not h',
    helpers: 'h if input.a == 1\nh if input.b == 2',
    want: `not:
  input.a == 1
  or
  input.b == 2`,
  },
  {
    note: 'a default',
    body: 'h == "x"',
    helpers: 'default h := "x"\nh := input.a if input.b',
    want: `input.b
input.a == "x"
or
not:
  input.b
  input.a is there`,
  },
  {
    note: 'else, by what comes before it',
    body: 'h == "x"',
    helpers: 'h := "y" if input.a\nelse := "x" if input.b',
    want: `input.b
not input.a`,
  },
  {
    note: 'a function of several bodies',
    body: 'h(input.u)',
    helpers: 'h(x) if startswith(x, "a")\nh(x) if x == "b"',
    want: `startsWith(input.u, "a")
or
input.u == "b"`,
  },
  {
    note: 'a function by its argument',
    body: 'h(input.u) == 1',
    helpers: 'h("a") := 1\nh("b") := 2',
    want: `input.u == "a"`,
  },
  {
    note: 'a set that is ranged over',
    body: 'some x in h\nx.on == true',
    helpers: 'h contains x if some x in input.a\nh contains input.b',
    want: `input.b.on == true
or
some in input.a:
  element1.on == true`,
  },
  {
    note: 'two elements of one set, which need not be the same',
    body: 'some x in h\nsome y in h\nx.a == 1\ny.b == 2',
    helpers: 'h contains x if some x in input.list',
    want: `some in input.list:
  element1.a == 1
some in input.list:
  element1.b == 2`,
  },
  {
    note: 'two elements of one set, compared with one another',
    body: 'some x in h\nsome y in h\nx.a == y.b',
    helpers: 'h contains x if some x in input.list',
    want: `some in input.list:
  some in input.list:
    element2.b == element1.a`,
  },
  {
    note: 'a count of what is known',
    body: 'count(input.list) > 0',
    want: `some in input.list:
  always
or
input.list is string
input.list != ""`,
  },
  {
    note: 'a comprehension that is counted',
    body: 'count({x | some x in input.list; x != "a"}) == 0',
    want: `not:
  some in input.list:
    element1 != "a"`,
  },
  {
    note: 'sets that are compared',
    body: 'count({x | some x in input.a} & {"b", "c"}) > 0',
    want: `some in input.a:
  element1 in ["b","c"]`,
  },
  {
    note: 'every',
    body: 'every x in input.list {\nx == "a"\n}',
    want: `any of:
  input.list is array
  or
  input.list is object
not:
  some in input.list:
    not element1 == "a"`,
  },
  {
    note: 'a default of object.get',
    body: 'object.get(input, ["a", "b"], "x") == "x"',
    want: `input.a.b == "x"
or
not input.a.b is there`,
  },
  {
    note: 'a text that is put together',
    body: 'input.u == $"a:{input.v}"',
    want: `input.u is there
any of:
  input.v is there
  any of:
    input.v is string
    input.u == concat("a:", input.v)
    or
    not input.v is string
    opaque (input.u, input.v): input.u == "a:" input.v
  or
  not input.v is there
  input.u == "a:<undefined>"`,
  },
  { note: 'lower', body: 'lower(input.u) == "ak"', want: `regexMatch(input.u, "^[aA][kKK]$")` },
  {
    note: 'patterns, globs and networks',
    body: 'regex.match(`^a`, input.u)\nglob.match("a*", null, input.u)\nnet.cidr_contains("10.0.0.0/8", input.ip)',
    want: `regexMatch(input.u, "^a")
globMatch(input.u, "a*")
cidrContains(input.ip, "10.0.0.0/8")`,
  },
  {
    note: 'a table of objects by a field',
    body: 'some d in h\nd.spec.type == "x"',
    helpers: `h contains d if {
some o in input.list
d := {"": o.value, "/spec": {"spec": o.value}, "/spec/type": {"spec": {"type": o.value}}, "/data": {"data": o.value}}[o.path]
}`,
    want: `some in input.list:
  element1.path == ""
  element1.value.spec.type == "x"
  or
  element1.path == "/spec"
  element1.value.type == "x"
  or
  element1.path == "/spec/type"
  element1.value == "x"`,
  },
  {
    note: 'a table of objects by what a field ends with',
    body: 'some d in h\n"x" in d.verbs',
    helpers: `h contains d if {
some o in input.list
some ending, d in {"/rules": o.value, "/verbs": {"verbs": o.value}, "/resources": {"resources": o.value}}
endswith(o.path, ending)
}

h contains {"verbs": [o.value]} if {
some o in input.list
contains(o.path, "/verbs/")
}`,
    want: `some in input.list:
  endsWith(element1.path, "/rules")
  some in element1.value.verbs:
    element2 == "x"
  or
  endsWith(element1.path, "/verbs")
  some in element1.value:
    element2 == "x"
  or
  contains(element1.path, "/verbs/")
  element1.value == "x"`,
  },
  {
    note: 'a member by a name that is one of several',
    body: 'some d in h\nd.verbs == "x"',
    helpers: `h contains {name: o.value} if {
some o in input.list
some name in ["verbs", "resources"]
endswith(o.path, $"/{name}")
}`,
    want: `some in input.list:
  endsWith(element1.path, "/verbs")
  element1.value == "x"`,
  },
  {
    note: 'a pattern on a key, and on a field that ends with it',
    body: 'some [k, v] in h\nregex.match(`(^|/)token$`, k)\nv != ""',
    helpers: `h contains [k, v] if some k, v in input.map

h contains [o.path, o.value] if {
some o in input.list
startswith(o.path, "/data/")
}`,
    want: `some in input.list:
  startsWith(element1.path, "/data/")
  regexMatch(element1.path, "(^|/)token$")
  element1.value != ""
or
some in input.map:
  regexMatch(key1, "(^|/)token$")
  element1 != ""`,
  },
  {
    note: 'words of a message that say how it went are no condition',
    body: 'input.a == 1\nw := h("did", "failed to do")',
    helpers: 'h(x, _) := x if not input.code >= 400\nh(_, y) := y if input.code >= 400',
    want: `input.a == 1
input.code is there`,
  },
  {
    note: 'a message that may be undefined is a condition',
    body: 'input.a == 1\nw := concat(" ", ["m", input.u])',
    want: `input.a == 1
input.u is string`,
  },
  {
    note: 'what is not understood, beside what is',
    body: 'input.a == 1\ncrypto.sha256(input.u) == "ff"',
    want: `input.a == 1
input.u is there
opaque (input.u): crypto.sha256(input.u)`,
  },
  {
    note: 'another input',
    body: 'input.a == 1\nh with input as {"b": input.c}',
    helpers: 'h if input.b',
    want: `input.a == 1
input.c is there
opaque (input.b, input.c): data.guardrails.forms.form.h with other values`,
  },
  {
    note: 'arithmetic, as it is written',
    body: 'input.a * 2 - 1 > input.b',
    want: `input.a is number
input.b is there
opaque (input.a, input.b): input.b < (input.a * 2) - 1`,
  },
  {
    note: 'a number that no double holds',
    body: 'input.a > 123456789012345678901234567890',
    want: `input.a is there
opaque (input.a): input.a > 123456789012345678901234567890`,
  },
  {
    note: 'comprehensions of arrays and of sets',
    body: '[x | some x in input.a] != []\ncount({x | some x in input.b}) > 1',
    want: `not:
  opaque (input.a): [_ | _ = input.a[_]] == []
some in input.b:
  always
opaque (input.b): count({_ | _ = input.b[_]}) >= 2`,
  },
]
