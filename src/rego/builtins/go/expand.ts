import type { RegexMatch } from '../../../text/regex.ts'

/** `$name`, `${name}`, `$1`, `${1}` and `$$`, as Go's regexp.Expand reads them. */
const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu

/** Past this, digits are a name. */
const NUMBER_DIGITS_MAX = 9

/** Fills a replacement template with the groups of one match. */
export function expand(
  template: string,
  text: string,
  match: RegexMatch,
  names: readonly string[],
): string {
  if (!template.includes('$')) return template
  return template.replaceAll(REFERENCE, (whole, plain?: string, braced?: string) => {
    const name = plain ?? braced
    if (name === undefined) return whole === '$$' ? '$' : whole
    const group = groupOf(name, match, names)
    return group < 0 ? '' : text.slice(match[2 * group], match[2 * group + 1])
  })
}

/** The group that a reference names and that took part in the match; -1 where there is none. */
function groupOf(name: string, match: RegexMatch, names: readonly string[]): number {
  const isNumber = /^(?:0|[1-9][0-9]*)$/.test(name) && name.length <= NUMBER_DIGITS_MAX
  const group = isNumber
    ? Number(name)
    : names.findIndex((known, index) => known === name && match[2 * index]! >= 0)
  return (match[2 * group] ?? -1) >= 0 ? group : -1
}
