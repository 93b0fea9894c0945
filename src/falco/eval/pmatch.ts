import { compileGlob } from './glob.ts'

/**
 * `pmatch`: is one of the paths a prefix of the text, component by component? Empty components do
 * not count, so slashes at the ends and doubled ones change nothing, and `/` is a prefix of
 * everything. A component with `?`, `*` or `[` is a glob.
 */
export function compilePathMatch(paths: readonly string[]): (text: string) => boolean {
  const prefixes = paths.map((path) => components(path).map(compileComponent))
  return (text) => {
    const parts = components(text)
    return prefixes.some(
      (prefix) => prefix.length <= parts.length && prefix.every((matches, i) => matches(parts[i]!)),
    )
  }
}

function components(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

function compileComponent(component: string): (part: string) => boolean {
  return /[?*[]/.test(component) ? compileGlob(component) : (part) => part === component
}
