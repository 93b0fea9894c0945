/** Small changes of Rego: what stands in the text, and what takes its place. */
const CHANGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ == /g, [' != ', ' < ', ' >= ']],
  [/ != /g, [' == ']],
  [/\bnot /g, ['']],
  [/\bsome (?=\w+ in )/g, ['not some ']],
  [/\bstartswith\(/g, ['endswith(', 'contains(']],
  [/\bendswith\(/g, ['startswith(', 'contains(']],
  [/\bcontains\(/g, ['startswith(', 'endswith(']],
  [/\bevery /g, ['some ']],
  [/\btrue\b/g, ['false']],
  [/\bfalse\b/g, ['true']],
  [/"create"/g, ['"update"', '"delete"']],
  [/"update"/g, ['"create"', '"patch"']],
  [/"pods"/g, ['"secrets"', '"deployments"', '""']],
  [/"[a-z]+"(?=[,}\]])/g, ['"get"', '"secrets"', '"x"']],
  [/(?<=input\.|\.)(?:verb|stage|resource|name|namespace|username)\b/g, ['verb', 'name', 'stage']],
  [/\b[0-9]+\b/g, ['0', '403']],
  [/^\t.+\n/gm, ['']],
]

/**
 * A module with one small change, or undefined where the number names none. What METADATA, package
 * and imports say stays.
 */
export function mutated(text: string, choice: number): string | undefined {
  const body = text.search(/^(?:violation|[a-z_]+(?:\(.*\))? (?:if|contains|:=))/m)
  if (body < 0) return undefined
  const sites = CHANGES.flatMap(([pattern, others]) =>
    [...text.slice(body).matchAll(pattern)].flatMap((match) =>
      others.map((other) => ({ at: body + match.index, length: match[0].length, other })),
    ),
  )
  const site = sites[choice % Math.max(1, sites.length)]
  return site && text.slice(0, site.at) + site.other + text.slice(site.at + site.length)
}
