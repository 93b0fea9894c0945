import type { DescribedModule } from '../rego/metadata.ts'
import type { Place, Places } from './issues.ts'

/** A module as the `annotations` verb describes it. */
export interface WireModule {
  readonly path: string
  readonly package: readonly string[]
  readonly place: Place
  readonly rules: readonly { readonly name: string; readonly place: Place }[]
  readonly annotations: readonly {
    readonly scope: string
    readonly place: Place
    readonly value: Readonly<Record<string, unknown>>
  }[]
}

/** The same in terms of the sources as the user named them. */
export function describedModules(
  modules: readonly WireModule[],
  places: Places,
): DescribedModule[] {
  return modules.map((module) => ({
    path: module.path,
    file: places.file(module.path),
    package: module.package,
    line: module.place.row ?? 1,
    rules: module.rules.map(({ name, place }) => ({ name, line: place.row ?? 1 })),
    annotations: module.annotations.map(({ scope, place, value }) => ({
      scope,
      line: place.row ?? 1,
      value,
    })),
  }))
}
