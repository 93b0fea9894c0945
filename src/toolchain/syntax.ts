import type { Toolchain } from './toolchain.ts'

/** Parts of OPA's syntax tree that say where something stands, or what is said of it. */
const SAYINGS: ReadonlySet<string> = new Set(['location', 'comments', 'annotations'])

/**
 * Rego texts by their syntax: two texts with the same one differ in comments and layout only. A
 * text that does not parse is left out.
 */
export async function syntaxOf(
  toolchain: Toolchain,
  texts: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const text of new Set(texts)) {
    const tree = await toolchain.parse({ file: 'compared.rego', text }).catch(() => undefined)
    if (tree === undefined) continue
    found.set(
      text,
      JSON.stringify(tree, (key, value: unknown) => (SAYINGS.has(key) ? undefined : value)),
    )
  }
  return found
}
