// What the measurements have in common: medians, Markdown, and where it is kept.
import { readFileSync, writeFileSync } from 'node:fs'

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** A Markdown table whose first column is text, and the others numbers. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  const rule = line(heads.map((_, i) => (i === 0 ? '---' : '---:')))
  return [line(heads), rule, ...rows.map(line)].join('\n')
}

export function number(value, digits = 0) {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** Puts a text between `<!-- name -->` and `<!-- end -->` of a Markdown file. */
export function keep(file, name, text) {
  const before = readFileSync(file, 'utf8')
  const begin = before.indexOf(`<!-- ${name} -->`)
  const end = before.indexOf('<!-- end -->', begin)
  if (begin < 0 || end < 0) throw new Error(`${file} has no place for ${name}`)
  const head = before.slice(0, begin)
  writeFileSync(file, `${head}<!-- ${name} -->\n\n${text}\n\n${before.slice(end)}`)
}
