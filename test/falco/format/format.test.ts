import { describe, expect, test } from 'vitest'
import { formatRules } from '../../../src/falco/format/format.ts'
import { meansTheSame } from '../../../src/falco/format/meaning.ts'

function format(text: string): string {
  const { text: formatted, diagnostics } = formatRules({ file: 'r.yaml', text })
  if (formatted === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  // What is formatted stays as it is.
  expect(formatRules({ file: 'r.yaml', text: formatted }).text).toBe(formatted)
  return formatted
}

const macro = (condition: string): string => `- macro: m\n  condition: ${condition}\n`

describe('conditions', () => {
  test.each([
    ['ka.verb=get', 'ka.verb = get'],
    [
      'ka.verb   =get  and(ka.verb in(a,b ,"c d" ))',
      'ka.verb = get and (ka.verb in (a, b, "c d"))',
    ],
    ['( a_macro or  not(b_macro))', '(a_macro or not (b_macro))'],
    ['not   not ka.verb exists', 'not not ka.verb exists'],
    ['ka.verb in ()', 'ka.verb in ()'],
    ['ka.verb in a_list', 'ka.verb in a_list'],
    ['jevt.value[/a(b]="x=  y"', 'jevt.value[/a(b] = "x=  y"'],
    ["ka.verb startswith   anyof ( 'a' )", "ka.verb startswith anyof ('a')"],
    ['tolower(ka.verb)=val( ka.uri )', 'tolower(ka.verb) = val( ka.uri )'],
    ['or ka.verb=get', 'or ka.verb = get'],
    ['and(ka.verb=get)', 'and (ka.verb = get)'],
    ['((ka.verb=get))', '((ka.verb = get))'],
  ])('%s', (condition, wanted) => {
    expect(format(macro(condition))).toBe(macro(wanted))
  })

  test.each([
    ['what does not parse', 'ka.verb=get and'],
    ['what only a list makes a condition', 'ka.verb operator_list get'],
    ['quoted scalars', '"ka.verb=get"'],
    ['a plain text that would become a comment', 'ka.verb=#a'],
    ['tags', '!!str ka.verb=get'],
  ])('leaves %s', (_, condition) => {
    const text = macro(condition)
    expect(format(text)).toBe(text.replace('ka.verb=#a', '>\n    ka.verb = #a'))
  })

  test('breaks lines that are too long at `or`, then at `and`, then in parentheses and lists', () => {
    const word = (letter: string): string => letter.repeat(30)
    const long = [
      `ka.verb = ${word('a')} and ka.uri = ${word('b')} and ka.stage = ${word('c')}`,
      `not (ka.uri = ${word('d')} or ka.uri = ${word('e')} or ka.uri = ${word('f')})`,
      `ka.verb in (${['g', 'h', 'i', 'j'].map(word).join(',')}) or ka.verb = x`,
    ].join(' or ')
    expect(format(macro(long))).toMatchInlineSnapshot(`
      "- macro: m
        condition: >
          ka.verb = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
            and ka.uri = bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
            and ka.stage = cccccccccccccccccccccccccccccc
          or not (ka.uri = dddddddddddddddddddddddddddddd
            or ka.uri = eeeeeeeeeeeeeeeeeeeeeeeeeeeeee
            or ka.uri = ffffffffffffffffffffffffffffff)
          or ka.verb in (gggggggggggggggggggggggggggggg, hhhhhhhhhhhhhhhhhhhhhhhhhhhhhh,
            iiiiiiiiiiiiiiiiiiiiiiiiiiiiii, jjjjjjjjjjjjjjjjjjjjjjjjjjjjjj)
          or ka.verb = x
      "
    `)
  })

  test('keeps the kind of block, and joins what fits into one line', () => {
    const text = `- macro: a
  condition: >- # why
    ka.verb=get

    and   ka.uri=/x   
- macro: b
  condition: |
      ka.verb=get
      or a
- macro: c
  condition: ka.verb=get
    and b # kept
`
    expect(format(text)).toMatchInlineSnapshot(`
      "- macro: a
        condition: >- # why
          ka.verb = get and ka.uri = /x

      - macro: b
        condition: |
          ka.verb = get or a

      - macro: c
        condition: ka.verb=get
          and b # kept
      "
    `)
  })
})

describe('blanks and lines', () => {
  test('one empty line between items, with comments where they belong', () => {
    const text = `

# License


- required_engine_version: 0.43.0   
- list: a   # trailing
  items: [ x,   y ]
  # - commented out
# about b


# more about b
- list: b
  items:
  - x   

  - y



- list: c
  items: []


`
    expect(format(text)).toMatchInlineSnapshot(`
      "# License


      - required_engine_version: 0.43.0

      - list: a   # trailing
        items: [ x,   y ]
        # - commented out

      # about b

      # more about b
      - list: b
        items:
        - x

        - y

      - list: c
        items: []
      "
    `)
  })

  test.each([
    ['texts in blocks', '- rule: a\n  desc: |\n    x   \n    y\n\n  output: "a  \n    b"\n'],
    ['sequences in one line', '[{list: a, items: []}, {list: b, items: []}]\n'],
    ['several documents', '- list: a\n  items: []\n---\n- list: b\n  items: []\n'],
    ['nothing', ''],
    ['aliases', '- macro: a\n  condition: &c ka.verb = get\n\n- macro: b\n  condition: *c\n'],
  ])('leaves %s', (_, text) => {
    expect(format(text)).toBe(text)
  })

  test('keeps line ends', () => {
    const text = '- list: a\r\n  items: []\r\n- macro: b\r\n  condition: ka.verb=get  \r\n'
    expect(format(text)).toBe(
      '- list: a\r\n  items: []\r\n\r\n- macro: b\r\n  condition: ka.verb = get\r\n',
    )
  })
})

test('what is no YAML is refused', () => {
  const { text, diagnostics } = formatRules({ file: 'r.yaml', text: '- a: [' })
  expect(text).toBeUndefined()
  expect(diagnostics.map(({ code }) => code)).toEqual(['LOAD_ERR_YAML_PARSE'])
})

describe('the proof tells apart', () => {
  const same = (a: string, b: string): boolean =>
    meansTheSame({ file: 'r.yaml', text: a }, { file: 'r.yaml', text: b })

  test.each([
    ['conditions', macro('ka.verb = get'), macro('ka.verb = list')],
    [
      'quotes that keep a list out',
      `- list: l\n  items: [x]\n${macro('ka.verb = l')}`,
      `- list: l\n  items: [x]\n${macro('ka.verb = "l"')}`,
    ],
    ['blanks in texts', macro('ka.verb = "a  b"'), macro('ka.verb = "a b"')],
    ['grouping', macro('a or b and c'), macro('(a or b) and c')],
    ['keys', '- list: a\n  items: []\n', '- list: a\n  item: []\n'],
    ['outputs', '- rule: a\n  output: a  b\n', '- rule: a\n  output: a b\n'],
    ['comments', '# a\n- list: a\n', '- list: a\n'],
    ['null and text', '- list: null\n', '- list: "null"\n'],
    ['what is missing', '- list: a\n', '- list: a\n- list: b\n'],
  ])('%s', (_, a, b) => {
    expect(same(a, b)).toBe(false)
    expect(same(a, a)).toBe(true)
  })

  test('but not what only looks different', () => {
    expect(same(macro('a and(b)'), macro('>\n    a\n    and (b)'))).toBe(true)
  })
})
