import type { Bundle } from './bundle.ts'
import type { Syntax } from './diff.ts'
import { shippedGuardrails, type ShippedGuardrail } from './shipped.ts'
import { readSources } from './sources.ts'

const REFERENCE = /\bdata\.([a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*)/g

/** Whether `path` is `above` or stands below it. */
function within(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`)
}

/** The Rego of a bundle by guardrail: its sources, or where it has none, what OPA left of them. */
export class GuardrailTexts {
  readonly #guardrails: ReadonlyMap<string, ShippedGuardrail>
  readonly #texts: ReadonlyMap<string, readonly string[]>
  readonly #syntax: Syntax

  constructor(bundle: Bundle, syntax: Syntax) {
    this.#syntax = syntax
    this.#guardrails = new Map(
      shippedGuardrails(bundle).map((guardrail) => [guardrail.id, guardrail]),
    )
    const sources = readSources(bundle)?.modules
    const texts = new Map<string, string[]>()
    for (const module of bundle.modules) {
      const text = sources?.get(module.path.replace(/^\//, '')) ?? module.text
      const name = module.package.join('.')
      texts.set(name, [...(texts.get(name) ?? []), text])
    }
    this.#texts = texts
  }

  ids(): Iterable<string> {
    return this.#guardrails.keys()
  }

  get(id: string): ShippedGuardrail | undefined {
    return this.#guardrails.get(id)
  }

  textOf(guardrail: ShippedGuardrail): string {
    return this.#written(guardrail.package).join('\0')
  }

  rulesOf(guardrail: ShippedGuardrail): string {
    return this.#rules(guardrail.package).join('\0')
  }

  /** The rules of the packages that a guardrail refers to, directly or through others. */
  libraryOf(guardrail: ShippedGuardrail): string {
    const reached = new Set([guardrail.package])
    for (const name of reached) for (const used of this.#usedBy(name)) reached.add(used)
    const others = [...reached].filter((name) => name !== guardrail.package).sort()
    return others.flatMap((name) => [name, ...this.#rules(name)]).join('\0')
  }

  /** A reference may name a package, a rule in it, or a tree of packages above it. */
  #usedBy(name: string): string[] {
    const texts = this.#texts.get(name) ?? []
    const references = texts.flatMap((text) =>
      [...text.matchAll(REFERENCE)].map(([, path]) => path!),
    )
    return [...this.#texts.keys()].filter((candidate) =>
      references.some((path) => within(path, candidate) || within(candidate, path)),
    )
  }

  #rules(name: string): string[] {
    return this.#written(name).map((text) => this.#syntax(text) ?? text)
  }

  #written(name: string): string[] {
    return [...(this.#texts.get(name) ?? [])].sort()
  }
}
