import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { dump, FAILSAFE_SCHEMA, loadAll } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { LineIndex } from '../../src/text/document.ts'
import {
  isYamlNull,
  offsetMap,
  parseYaml,
  scalarSourceOffset,
  yamlGet,
  type YamlNode,
  type YamlScalar,
  yamlValue,
} from '../../src/text/yaml.ts'

/** What js-yaml makes of a text when nothing is resolved. */
const failsafe = { schema: FAILSAFE_SCHEMA, json: true }
const parse = (text: string, options = {}) => parseYaml({ file: 'x.yaml', text }, options)

function keyText(key: YamlNode): string {
  if (key.kind === 'scalar') return key.style === 'empty' ? 'null' : key.text
  if (key.kind === 'mapping') return '[object Object]'
  return String(
    key.items.map((item) => (item.kind === 'mapping' ? '[object Object]' : plain(item))),
  )
}

/** The tree as js-yaml's failsafe schema gives it: strings, arrays, objects, null for nothing. */
function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.style === 'empty' ? null : node.text
  if (node.kind === 'sequence') return node.items.map(plain)
  const entries = node.pairs.map(({ key, value }) => [keyText(key), plain(value)])
  return Object.fromEntries(entries) as unknown
}

function scalars(node: YamlNode): YamlScalar[] {
  if (node.kind === 'scalar') return [node]
  if (node.kind === 'sequence') return node.items.flatMap(scalars)
  return node.pairs.flatMap(({ key, value }) => [...scalars(key), ...scalars(value)])
}

describe('shapes', () => {
  const cases: [note: string, text: string, wanted?: unknown[]][] = [
    ['nothing', ''],
    ['a comment only', '# nothing\n'],
    ['a bare document', '---\n'],
    ['two documents', 'a: 1\n---\n- b\n'],
    ['an end mark', 'a: 1\n...\n---\nb: 2\n'],
    ['a block sequence', '- a\n- b\n-\n- c\n'],
    ['empty items first and last', '-\n- a\n-\n'],
    ['empty items between comments', '- # one - two\n# - three\n- a\n'],
    ['sequences in a sequence', '- - a\n  - b\n- - c\n'],
    ['a sequence at its key’s indentation', 'a:\n- x\n- y\nb: z\n'],
    ['a block mapping', 'a: 1\nb:\n  c: 2\n  d:\n'],
    ['empty values', 'a:\nb:\n# c: no\nc:\n'],
    ['mappings in a sequence', '- a: 1\n  b: 2\n- c: 3\n'],
    ['a flow sequence', '[a, b , c]'],
    ['a trailing comma', '[a, b, ]'],
    ['an empty flow', '{a: [], b: {}}'],
    ['a closing bracket at the key’s column', 'items: [\n  a,\n  b\n]\n'],
    ['a flow mapping', '{a: 1, b, c: , "d":e, ? f : g}'],
    ['a pair in a flow sequence', '[a, b: c, d]'],
    ['an explicit pair in a flow sequence', '[? a : b, c]'],
    ['explicit keys', '? a\n: 1\n? b\n? c\n: 3\n'],
    ['an explicit empty key', '?\n: 1\n'],
    ['a colon in a comment', 'a: # b: c\n  d\ne: f # g: h\n'],
    ['quoted scalars', 'a: "x: y"\nb: \'it\'\'s\'\n"c d": "\\u0041\\n"\n'],
    ['a multi-line plain scalar', 'a: one\n  two\n\n  three\nb: 4\n'],
    ['block scalars', 'a: |\n  one\n   two\n\nb: >-\n  three\n  four\n\n  five\nc: |+\n  six\n\n'],
    ['a block scalar with a digit', '- |2\n    one\n  two\n- >1-\n  x\n'],
    ['anchors', 'a: &x [1, 2]\nb: *x\nc: &y text\nd: *y\ne: [*y, *x]\n'],
    ['an anchor before a mapping', 'a: &x\n  b: 1\nc: *x\n'],
    ['an anchored key', '&k a: 1\nb: *k\n'],
    ['an alias as a key', 'a: &k x\n*k : y\n'],
    ['an anchored nothing', 'a: &x\nb: *x\n'],
    [
      'tags',
      'a: !!str 1\nb: !foo {c: d}\nc: !!int\n  5\nd: ! x\ne: !bar\n',
      [{ a: '1', b: { c: 'd' }, c: '5', d: 'x', e: null }],
    ],
    ['a tag on its own line', '!!map\na: 1\n', [{ a: '1' }]],
    ['carriage returns', 'a: 1\r\nb:\r\n  - c\r\n'],
    ['a flow mapping as a value in a sequence', '- {a: 1}\n- {b: {c: 2}}\n- [x]\n'],
    ['a root flow', '{a: 1}\n'],
    ['a root scalar', 'just text\n'],
    ['a root alias-like', '"*a"\n'],
    ['a dash in text', '- a-b\n- -1\n- a - b\n'],
    ['a tab after a colon', 'a:\tb\n'],
  ]
  test.each(cases)('%s', (_, text, wanted) => {
    const result = parse(text)
    expect(result.diagnostics).toEqual([])
    expect(result.documents.map(plain)).toEqual(wanted ?? loadAll(text, null, failsafe))
  })

  const places = cases.flatMap(([, text]) =>
    parse(text)
      .documents.flatMap(scalars)
      .map((scalar) => [scalar.style, text, scalar] as const),
  )
  test.each(places)('a %s scalar of %j stands where its span says', (style, text, scalar) => {
    const source = text.slice(scalar.content.start, scalar.content.end)
    const written = {
      plain: source.replace(/\s+/g, ' ') === scalar.text.replace(/\s+/g, ' '),
      empty: source === '',
      single: /^'[^]*'$/.test(source),
      double: /^"[^]*"$/.test(source),
      literal: source.startsWith('|'),
      folded: source.startsWith('>'),
    }
    const alias = scalar.span.start !== scalar.content.start
    const name = alias ? text.slice(scalar.span.start, scalar.span.end) : '*alias'
    expect([written[style], name]).toEqual([true, expect.stringMatching(/^\*\w+$/)])
  })
})

/** Property tests shrink and explain themselves in the error they throw. */
function holds<T>(property: fc.IProperty<T>, numRuns: number): () => void {
  return () => fc.assert(property, { numRuns })
}

const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme-ascii' }),
    fc.string(),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('node'), { maxLength: 4 }),
  object: fc.dictionary(fc.string(), tie('node'), { maxKeys: 4 }),
})).node

test('reads what js-yaml writes', () => {
  const styles = fc.record({
    indent: fc.integer({ min: 1, max: 4 }),
    flowLevel: fc.integer({ min: -1, max: 4 }),
    lineWidth: fc.constantFrom(20, 80),
    noArrayIndent: fc.boolean(),
    forceQuotes: fc.boolean(),
  })
  const property = fc.property(value, styles, (data, style) => {
    compare(dump(data, { ...style, schema: FAILSAFE_SCHEMA }))
  })
  expect(holds(property, 500)).not.toThrow()
})

const soup = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      ': ',
      ':',
      '- ',
      '-',
      '? ',
      '\n',
      '\n  ',
      '\n    ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '#',
      ' # ',
      '"',
      "'",
      '&x ',
      '*x',
      '!t ',
      '|\n',
      '>\n',
      '---\n',
      '...\n',
      ' ',
      '\t',
      '\uFEFF',
      '<<: ',
      '%',
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''))

/** Either js-yaml reads the same, or it refuses too; true when there was something to compare. */
function compare(text: string): boolean {
  const { documents, diagnostics } = parse(text, { duplicateKeys: 'keep' })
  let wanted: unknown[]
  try {
    wanted = loadAll(text, null, failsafe) as unknown[]
  } catch {
    // js-yaml's own schema refuses unknown tags, which ours keeps.
    if (!text.includes('!')) assert.notDeepEqual(diagnostics, [])
    return false
  }
  if (diagnostics.length > 0) {
    assert.match(diagnostics[0]!.message, /not supported|inside the node that it names/)
    return false
  }
  assert.deepEqual(documents.map(plain), wanted)
  return true
}

test('any text gives documents that js-yaml agrees with, or diagnostics', () => {
  let agreed = 0
  const property = fc.property(soup, (text) => {
    if (compare(text)) agreed++
  })
  expect(holds(property, 5000)).not.toThrow()
  expect(agreed).toBeGreaterThan(500)
})

describe('values', () => {
  const only = (text: string): unknown =>
    yamlValue(parse(text, { duplicateKeys: 'keep' }).documents[0]!)
  test.each<[string, unknown]>([
    ['[1, -2, +3, 0x10, 0o17, 1.5, .5, 1e3, 007]', [1, -2, 3, 16, 15, 1.5, 0.5, 1000, 7]],
    [
      '[true, False, yes, "true", ~, null, Null, "", nulls]',
      [true, false, 'yes', 'true', null, null, null, '', 'nulls'],
    ],
    ['[.inf, -.Inf]', [Infinity, -Infinity]],
    ['[!!str 1, !!int "1", !mine 1]', ['1', 1, '1']],
    ['a: &d {x: 1, y: 2}\nb: {<<: *d, y: 3}', { a: { x: 1, y: 2 }, b: { x: 1, y: 3 } }],
    ['b: {y: 3, <<: [{y: 1, z: 1}, {z: 2}]}', { b: { y: 3, z: 1 } }],
    ['{a: 1, a: 2}', { a: 2 }],
    ['"<<": 1', { '<<': 1 }],
  ])('%s', (text, wanted) => {
    expect(only(text)).toEqual(wanted)
  })

  test('`__proto__` is a key', () => {
    const got = only('{__proto__: {x: 1}}') as object
    expect(Object.keys(got)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(got)).toBe(Object.prototype)
  })

  test('null is nothing, or said so plainly', () => {
    const node = parse('a:\nb: ~\nc: "null"\nd: NULL\ne: !!null x').documents[0]!
    const nulls = ['a', 'b', 'c', 'd', 'e'].map((key) => isYamlNull(yamlGet(node, key)!))
    expect(nulls).toEqual([true, true, false, true, true])
  })
})

describe('offsets into scalars', () => {
  /** `§` marks the same place in the source and, by `word`, in the text. */
  const cases: [note: string, source: string, word: string][] = [
    ['plain', 'a: x and §y', 'y'],
    ['plain over lines', 'a: x and\n    b or\n\n   §y', 'y'],
    ['folded', 'a: >\n  x and\n    indented\n  §y z', 'y'],
    ['folded with a comment in its header', 'a: >- # y\n   x\n   §y', 'y'],
    ['literal', 'a: |\n   one\n     two\n   §y', 'y'],
    ['single quotes', "a: 'it''s\n   §y'", 'y'],
    ['double quotes', 'a: "q\\"\\u0041\\n\\t \\x41 \\\n   §y"', 'y'],
    ['an astral escape', 'a: "\\U0001F600§y"', 'y'],
    ['carriage returns', 'a: >\r\n  x\r\n  §y', 'y'],
    ['through an alias', 'b: &k >\n  x\n  §y\na: *k', 'y'],
    ['after a byte-order mark', '\uFEFFa: >\n  x\n  §y', 'y'],
  ]
  test.each(cases)('%s', (_, marked, word) => {
    const source = marked.replace('§', '')
    const node = yamlGet(parse(source).documents[0], 'a') as YamlScalar
    const at = scalarSourceOffset(source, node, node.text.indexOf(word))
    const lines = new LineIndex(source)
    expect(lines.at(at)).toEqual(lines.at(marked.indexOf('§')))
  })

  test('every letter maps to itself, and offsets never run back', () => {
    const words = fc.array(fc.stringMatching(/^[a-z()=]{1,6}$/), { minLength: 1, maxLength: 12 })
    const indents = fc.array(fc.constantFrom(' ', '\n  ', '\n\n  ', '\n     '), {
      minLength: 12,
      maxLength: 12,
    })
    const wrap = fc.constantFrom<[string, string]>(
      ['a: >\n  ', ''],
      ['a: |-\n  ', ''],
      ["a: '", "'"],
      ['a: "', '"'],
      ['a: x', ''],
    )
    const property = fc.property(words, indents, wrap, (parts, gaps, [before, after]) => {
      const source = before + parts.reduce((text, part, i) => text + gaps[i - 1]! + part) + after
      const node = yamlGet(parse(source).documents[0], 'a') as YamlScalar
      const map = offsetMap(source, node)
      for (let i = 0; i < node.text.length; i++) {
        assert(map[i + 1]! >= map[i]!)
        if (/\S/.test(node.text[i]!)) assert.equal(source[map[i]!], node.text[i])
      }
    })
    expect(holds(property, 500)).not.toThrow()
  })
})

describe('diagnostics', () => {
  test.each<[string, string, string]>([
    ['a: [b', 'YAML_SYNTAX', '2:1 unexpected end of the stream within a flow collection'],
    ['a: 1\n b: 2', 'YAML_SYNTAX', '2:3 bad indentation of a mapping entry'],
    ['a: 1\na: 2', 'YAML_DUPLICATE_KEY', '2:1 the key `a` stands twice in one mapping'],
    ['a: *b', 'YAML_SYNTAX', '1:6 unidentified alias `b`'],
    ['a: &x [1, *x]', 'YAML_SYNTAX', '1:11 the alias `x` stands inside the node that it names'],
    [
      'a: &x 1\nb: &x\n  - *x',
      'YAML_SYNTAX',
      '3:5 the alias `x` stands inside the node that it names',
    ],
    ['a: \u0000', 'YAML_SYNTAX', '1:4 null byte is not allowed in input'],
  ])('%j', (text, code, rendered) => {
    const { documents, diagnostics } = parse(text)
    expect(documents).toEqual([])
    const [first] = diagnostics
    const { line, column } = new LineIndex(`${text}\n`).at(first!.span!.start)
    expect([first!.code, `${line}:${column} ${first!.message}`]).toEqual([code, rendered])
    expect(first!.file).toBe('x.yaml')
  })

  test('duplicate keys are kept on request', () => {
    const node = parse('{a: 1, b: 2, a: 3}', { duplicateKeys: 'keep' }).documents[0]!
    expect(yamlGet(node, 'a')).toMatchObject({ text: '1' })
    expect(node).toMatchObject({ kind: 'mapping' })
    expect(node.kind === 'mapping' && node.pairs.length).toBe(3)
  })
})

describe('bounds', () => {
  test('aliases that explode are refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 30; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    const { diagnostics } = parse(lines.join('\n'))
    expect(diagnostics.map((d) => d.code)).toEqual(['YAML_TOO_LARGE'])
  })

  test('merge keys that explode are refused', () => {
    const lines = ['a0: &a0 {k0: 1}']
    for (let i = 1; i < 30; i++)
      lines.push(`a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}], k${i}: 1}`)
    expect(parse(lines.join('\n')).diagnostics.map((d) => d.code)).toEqual(['YAML_TOO_LARGE'])
  })

  test.each(['[', '- ', '{a: ', '? ', '!t [', '&a [', '- - ? '])(
    'nesting %j 100,000 deep is refused',
    (part) => {
      expect(parse(part.repeat(100_000)).diagnostics).toHaveLength(1)
    },
  )

  test('a long flat text is read in linear time', () => {
    const items = Array.from({ length: 200_000 }, (_, i) => `- item ${i}`).join('\n')
    const started = performance.now()
    const { documents } = parse(items)
    expect(documents[0]).toMatchObject({ kind: 'sequence' })
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('a text over the limit is refused unread', () => {
    expect(parse('a'.repeat(33 * 1024 * 1024)).diagnostics[0]).toMatchObject({
      code: 'YAML_TOO_LARGE',
    })
  })
})
