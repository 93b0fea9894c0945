/** What the reader collects from rules files, before anything is compiled. */
import type { Priority } from '../../text/priority.ts'
import type { SourcePlace, Traced } from './traced.ts'

/** Order numbers of definitions: `first` of the first one, `last` of the last change. */
export interface Order {
  first: number
  last: number
}

export interface ListDefinition extends Order {
  readonly name: string
  items: Traced[]
  readonly place: SourcePlace
}

export interface MacroDefinition extends Order {
  readonly name: string
  condition: Traced
  readonly place: SourcePlace
}

/** `fields`, `comps` or one of `values` of an exception: a text, or a list of them. */
export type Entry =
  | { readonly kind: 'text'; readonly text: Traced }
  | { readonly kind: 'list'; readonly items: readonly Entry[] }
  /** Neither: a mapping, or nothing. Falco takes it for an empty text. */
  | { readonly kind: 'none' }

export interface ExceptionDefinition {
  readonly name: string
  readonly fields: Entry
  /** Filled in with the default where it is not written. */
  comps: Entry
  values: Entry[]
  readonly place: SourcePlace
}

export interface RuleDefinition extends Order {
  readonly name: string
  readonly source: string
  /** Falco skips rules of sources that no plugin provides. */
  readonly unknownSource: boolean
  condition: Traced
  output: Traced
  description: Traced
  priority: Priority
  tags: Set<string>
  enabled: boolean
  skipIfUnknownFilter: boolean
  exceptions: ExceptionDefinition[]
  readonly place: SourcePlace
}

/** What an item with `override` or `append` changes of a rule. */
export interface RuleUpdate {
  readonly name: string
  /** Empty where the item does not say. */
  readonly source: string
  readonly condition?: Traced
  readonly output?: Traced
  readonly description?: Traced
  readonly priority?: Priority
  readonly tags?: ReadonlySet<string>
  readonly enabled?: boolean
  readonly skipIfUnknownFilter?: boolean
  readonly exceptions?: readonly ExceptionDefinition[]
  /** True where it changes anything, what Parapet has no use for included. */
  readonly any: boolean
  readonly place: SourcePlace
}

export interface PluginRequirement {
  readonly name: string
  readonly version: string
}

/** One entry of `required_plugin_versions`: any of these will do. */
export interface PluginRequirements {
  readonly alternatives: readonly PluginRequirement[]
  readonly place: SourcePlace
}
