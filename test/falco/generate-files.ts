/** Texts that are nearly, or not at all, rules files. */
import * as fc from 'fast-check'

/** Words of rules files, of YAML and of conditions. */
export const soup: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      '- rule: r\n',
      '- macro: m\n',
      '- list: l\n',
      '  condition: ',
      '  items: ',
      '  desc: d\n',
      '  output: ',
      '  priority: INFO\n',
      '  source: k8s_audit\n',
      '  exceptions:\n',
      '  - name: e\n',
      '    fields: ',
      '    comps: ',
      '    values: ',
      '  override: {condition: append}\n',
      '  append: true\n',
      '  enabled: ',
      '- required_engine_version: 10\n',
      '[a, b]\n',
      '[[a], [b]]\n',
      'ka.verb ',
      'ka.user.groups ',
      '= ',
      'in ',
      'intersects (l) ',
      '(',
      ')',
      'and ',
      'or ',
      'not ',
      'm ',
      'l ',
      '"',
      "'",
      '%ka.verb',
      '%',
      'tolower(',
      'val(',
      '\n',
      '>\n    ',
      '|\n    ',
      '# ',
      '---\n',
      '&x ',
      '*x ',
      '~\n',
      '\\',
      '\u00e9',
      '{',
      '}',
      ': ',
      '<<: ',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

/** A rules file with its lines, keys and values in place, and anything in them. */
export const nearlyRight: fc.Arbitrary<string> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('rule', 'macro', 'list'),
      name: fc.constantFrom('a', 'b', 'c', 'and', 'a b'),
      condition: soup,
      output: fc.oneof(fc.string(), soup),
      items: fc.array(fc.constantFrom('a', 'b', 'c', 'get', 'x y', '"', ',', ')')),
      override: fc.constantFrom('', 'append', 'replace'),
    }),
    { maxLength: 6 },
  )
  .map((items) =>
    items
      .map(({ kind, name, condition, output, items: values, override }) => {
        const head = `- ${kind}: ${JSON.stringify(name)}\n`
        const change = (key: string): string =>
          override === '' ? '' : `  override: {${key}: ${override}}\n`
        if (kind === 'list') return `${head}  items: ${JSON.stringify(values)}\n${change('items')}`
        const text = `${head}  condition: ${JSON.stringify(condition)}\n`
        if (kind === 'macro' || override !== '') return text + change('condition')
        return `${text}  desc: d\n  output: ${JSON.stringify(output)}\n  priority: INFO\n  source: k8s_audit\n`
      })
      .join(''),
  )
