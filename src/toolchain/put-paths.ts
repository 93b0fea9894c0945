import { isObject } from '../text/json.ts'

/**
 * Where in `data` a case's own data is put, so that `with` replaces no rules: `with data.team as …`
 * would hide the package `team.common`. As high up as no package is at the place or below it, because
 * fewer different places are fewer queries. In order, so that the same places are the same list.
 *
 * @param packages paths of all packages of the policy
 */
export function putPaths(data: unknown, packages: readonly (readonly string[])[]): string[][] {
  return pathsIn(data, [], packages).sort((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
  )
}

function pathsIn(
  value: unknown,
  path: readonly string[],
  packages: readonly (readonly string[])[],
): string[][] {
  const below = packages.filter((names) => path.every((name, depth) => names[depth] === name))
  if (path.length > 0 && (below.length === 0 || !isObject(value))) return [[...path]]
  return Object.entries(value as object).flatMap(([name, inner]) =>
    pathsIn(inner, [...path, name], below),
  )
}
