import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lintRules, loadRules, Ruleset } from '../../src/falco/index.ts'
import { nearlyRight, soup } from './generate-files.ts'
import { locate } from '../../src/text/diagnostic.ts'

const HEAD = '  desc: d\n  output: o\n  priority: INFO\n  source: k8s_audit\n'

/** Codes of a text's errors; loading must come back, whatever the text is. */
function codes(text: string): string[] {
  const { diagnostics } = loadRules([{ file: 'r', text }])
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
}

const event = Buffer.from(
  '{"kind":"Event","auditID":"a","stageTimestamp":"2026-11-24T10:00:00Z","verb":"get","user":{"groups":["a"]}}',
)

test('any text as a rules file gives rules or diagnostics', () => {
  let loaded = 0
  const property = fc.property(fc.oneof(fc.string(), soup, nearlyRight), (text) => {
    const document = { file: 'r', text }
    const { compilation, diagnostics } = loadRules([document])
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    assert.equal(compilation === undefined, errors.length > 0)
    for (const diagnostic of diagnostics) {
      assert.match(diagnostic.code, /^LOAD_/)
      assert.doesNotMatch(diagnostic.message, /\n/)
      const { line = 1, column = 1 } = locate(diagnostic, [document])
      assert(line >= 1 && column >= 1)
    }
    if (!compilation) return
    loaded++
    new Ruleset(compilation).evaluate(event)
    for (const { code, severity } of lintRules([document]).diagnostics) {
      assert(severity !== 'error' || code === 'FALCO_NEVER_TRUE')
    }
  })
  expect(() => fc.assert(property, { numRuns: 5000 })).not.toThrow()
  expect(loaded).toBeGreaterThan(200)
})

describe('what explodes is bounded', () => {
  const within = (milliseconds: number, work: () => void): void => {
    const started = performance.now()
    work()
    expect(performance.now() - started).toBeLessThan(milliseconds)
  }

  test('lists of lists that double', () => {
    const lists = Array.from(
      { length: 60 },
      (_, i) => `- list: l${i}\n  items: [l${i + 1}, l${i + 1}]\n`,
    )
    const text = `${lists.join('')}- rule: r\n  condition: ka.verb in (l0)\n${HEAD}`
    within(20_000, () => expect(codes(text)).toEqual(['LOAD_ERR_VALIDATE']))
  })

  test('macros that double', () => {
    const macros = Array.from({ length: 60 }, (_, i) =>
      i === 0
        ? '- macro: m0\n  condition: ka.verb=x\n'
        : `- macro: m${i}\n  condition: m${i - 1} or m${i - 1}\n`,
    )
    const text = `${macros.join('')}- rule: r\n  condition: m59\n${HEAD}`
    within(20_000, () => expect(codes(text)[0]).toBe('LOAD_ERR_VALIDATE'))
  })

  test('a chain of 5,000 macros', () => {
    const macros = Array.from({ length: 5000 }, (_, i) =>
      i === 0
        ? '- macro: m0\n  condition: ka.verb=x\n'
        : `- macro: m${i}\n  condition: m${i - 1}\n`,
    )
    within(20_000, () => expect(codes(macros.join(''))[0]).toBe('LOAD_ERR_VALIDATE'))
  })

  test('a chain of 5,000 macros that are all redefined', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `m${i}`)
    const first = names.map((name) => `- macro: ${name}\n  condition: ka.verb=x\n`)
    const second = names.map((name, i) => `- macro: ${name}\n  condition: m${(i + 1) % 5000}\n`)
    within(20_000, () =>
      expect(codes(first.join('') + second.join(''))[0]).toBe('LOAD_ERR_VALIDATE'),
    )
  })

  test('aliases that explode', () => {
    const lines = ['- &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 30; i++)
      lines.push(
        `- &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    within(20_000, () => expect(codes(lines.join('\n'))).toEqual(['LOAD_ERR_YAML_PARSE']))
  })

  test('nested brackets in YAML and parentheses in conditions', () => {
    expect(codes('- ['.repeat(10_000))).toEqual(['LOAD_ERR_YAML_PARSE'])
    const deep = (open: string, close: string): string =>
      `- rule: r\n  condition: ${JSON.stringify(`${open.repeat(20_000)}ka.verb=x${close.repeat(20_000)}`)}\n${HEAD}`
    expect(codes(deep('(', ')'))).toEqual([])
    expect(codes(deep('not (', ')'))).toEqual(['LOAD_ERR_COMPILE_CONDITION'])
    expect(codes(deep('(ka.verb=y or ', ')'))).toEqual(['LOAD_ERR_COMPILE_CONDITION'])
  })

  test('a list of 100,000 items in a condition', () => {
    const items = Array.from({ length: 100_000 }, (_, i) => `user${i}`).join(', ')
    const text = `- list: l\n  items: [${items}]\n- rule: r\n  condition: ka.verb in (l)\n${HEAD}`
    within(20_000, () => expect(codes(text)).toEqual([]))
  })

  const many = (count: number, text: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => text(i)).join('')

  test.each([
    [
      'a rule that is appended to 3,000 times',
      `- rule: r\n  condition: ka.verb=x\n${HEAD}` +
        many(
          3000,
          (i) => `- rule: r\n  condition: or ka.verb=v${i}\n  override: {condition: append}\n`,
        ),
    ],
    [
      '5,000 alternatives that look into a text',
      `- rule: r\n  condition: ${many(5000, (i) => `ka.verb contains v${i} or `)}ka.verb=x\n${HEAD}`,
    ],
    [
      'one of 20,000 beginnings',
      `- rule: r\n  condition: ka.verb startswith anyof (${many(20_000, (i) => `a${i}, `)}x)\n${HEAD}`,
    ],
    [
      '1,000 exceptions',
      `- rule: r\n  condition: ka.verb=x\n${HEAD}  exceptions: [${many(
        1000,
        (i) => `{name: e${i}, fields: ka.user.name, values: [u${i}]}, `,
      )}]\n`,
    ],
  ])('%s', (_, text) => {
    const document = { file: 'r', text }
    within(40_000, () => {
      const { compilation, diagnostics } = loadRules([document])
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(lintRules([document]).diagnostics.map(({ severity }) => severity)).not.toContain(
        'error',
      )
      expect(new Ruleset(compilation!).residuals).toHaveLength(1)
    })
  })

  test('2,000 rules over 200 lists', () => {
    const lists = Array.from({ length: 200 }, (_, i) => `- list: l${i}_\n  items: [a, b]\n`).join(
      '',
    )
    const rules = Array.from(
      { length: 2000 },
      (_, i) => `- rule: r${i}\n  condition: ka.verb in (l${i % 200}_)\n${HEAD}`,
    )
    within(30_000, () => expect(codes(lists + rules.join(''))).toEqual([]))
  })

  test('an output that looks for its field for long', () => {
    const output = (text: string): string =>
      `- rule: r\n  condition: ka.verb=x\n  desc: d\n  priority: INFO\n  source: k8s_audit\n  output: ${JSON.stringify(text)}\n`
    within(20_000, () => {
      expect(codes(output(`%concat(${'ka.verb,'.repeat(7000)}`))).toEqual([
        'LOAD_ERR_COMPILE_OUTPUT',
      ])
      expect(codes(output(`%tolower("${'x'.repeat(60_000)}`))).toEqual(['LOAD_ERR_COMPILE_OUTPUT'])
      expect(codes(output('%ka.verb[ '.repeat(6000)))).toEqual([])
      expect(codes(output('x'.repeat(70_000)))).toEqual(['LOAD_ERR_COMPILE_OUTPUT'])
      expect(codes(output('%container.info'.repeat(100_000)))).toEqual(['LOAD_ERR_COMPILE_OUTPUT'])
    })
  })

  test('an event as deep and as wide as they come', () => {
    const { compilation } = loadRules([
      {
        file: 'r',
        text: `- rule: r\n  condition: jevt.value[/requestObject] contains x and ka.req.pod.containers.image exists\n${HEAD}`,
      },
    ])
    const ruleset = new Ruleset(compilation!)
    const deep = `${'['.repeat(250)}"x"${']'.repeat(250)}`
    const wide = `{"spec":{"containers":[${Array(20_000).fill('{"image":"x"}').join(',')}]}}`
    for (const [object, matches] of [
      [deep, 0],
      [wide, 1],
    ] as const) {
      const line = `{"kind":"Event","auditID":"a","stageTimestamp":"2026-11-24T10:00:00Z","requestObject":${object}}`
      within(10_000, () => expect(ruleset.evaluate(Buffer.from(line))).toHaveLength(matches))
    }
  })
})
