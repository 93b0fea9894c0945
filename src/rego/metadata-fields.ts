import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { type JsonObject, objectOf, textOf } from '../text/json.ts'
import { nearest } from '../text/nearest.ts'
import { parsePriority, priorities, type Priority } from '../text/priority.ts'
import { type FalcoWish, readFalcoWish } from './metadata-falco.ts'
import type { DescribedModule, GuardrailMetadata, Reference } from './metadata.ts'

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** Reads the METADATA of one guardrail's package; no guardrail when an error was found. */
export function readIdentity(modules: readonly DescribedModule[]): {
  guardrail?: GuardrailMetadata
  diagnostics: readonly LocatedDiagnostic[]
} {
  const module =
    modules.find((m) => m.annotations.some((a) => a.scope === 'package')) ?? modules[0]!
  const annotation = module.annotations.find((a) => a.scope === 'package')
  if (!annotation) return { diagnostics: [undescribed(module)] }
  const fields = new Fields(module, annotation.line, annotation.value)
  const guardrail = fields.guardrail()
  const failed = fields.diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  return failed
    ? { diagnostics: fields.diagnostics }
    : { guardrail, diagnostics: fields.diagnostics }
}

function undescribed({ package: names, file, line }: DescribedModule): LocatedDiagnostic {
  return {
    code: 'GUARDRAIL_METADATA_MISSING',
    severity: 'error',
    message: `package \`${names.join('.')}\` has no METADATA`,
    file,
    line,
    help: 'write a METADATA block above the package with `title`, `custom.id` and `custom.priority`',
  }
}

/** One METADATA block being read; collects what is wrong with it. */
class Fields {
  readonly diagnostics: LocatedDiagnostic[] = []
  readonly #module: DescribedModule
  readonly #line: number
  readonly #value: JsonObject
  readonly #custom: JsonObject

  constructor(module: DescribedModule, line: number, value: JsonObject) {
    this.#module = module
    this.#line = line
    this.#value = value
    this.#custom = objectOf(value['custom'])
  }

  guardrail(): GuardrailMetadata {
    const names = this.#module.package
    const id = this.#id()
    return {
      id,
      package: names.join('.'),
      entrypoint: [...names, 'violation'].join('/'),
      title: this.#title(id),
      description: (textOf(this.#value['description']) ?? '').trim(),
      priority: this.#priority(),
      tags: this.#texts('tags', this.#custom['tags']),
      controls: this.#controls(),
      portable: this.#portable(),
      references: references(this.#value['related_resources']),
      falco: this.#falco(),
      custom: this.#custom,
      file: this.#module.file,
      line: this.#line,
    }
  }

  #id(): string {
    const id = this.#custom['id']
    if (typeof id === 'string' && ID.test(id)) return id
    const name = this.#module.package.at(-1)!.replaceAll('_', '-')
    if (id === undefined) {
      const message = `package \`${this.#module.package.join('.')}\` has no id in its METADATA`
      const help = `write \`# custom:\` and \`#   id: ${name}\` in a METADATA block with \`scope: package\` above the package`
      this.#error('GUARDRAIL_ID_MISSING', message, help)
    } else {
      const help = `lower-case words joined by hyphens, such as \`${name}\``
      this.#error('GUARDRAIL_ID_INVALID', `\`${show(id)}\` is not an id`, help)
    }
    return ''
  }

  #title(id: string): string {
    const title = textOf(this.#value['title'])?.trim()
    if (title) return title
    const help = 'write `# title: …` in its METADATA; findings and reports show it'
    this.#note('warning', 'GUARDRAIL_TITLE_MISSING', `guardrail \`${id}\` has no title`, help)
    return id
  }

  #priority(): Priority {
    const given = this.#custom['priority']
    // OPA, Falco and reports compare the text, so only the exact name will do.
    const known = priorities.find((priority) => priority === given)
    if (known) return known
    const text = textOf(given) ?? ''
    const close = parsePriority(text) ?? nearest(text, priorities)
    const help = close ? `did you mean \`${close}\`?` : `one of ${priorities.join(', ')}`
    const message =
      given === undefined ? 'no priority in METADATA' : `unknown priority \`${show(given)}\``
    this.#error('GUARDRAIL_PRIORITY', message, help)
    return 'Debug'
  }

  #portable(): boolean {
    const portable = this.#custom['portable'] ?? true
    if (typeof portable === 'boolean') return portable
    this.#shape('portable', '`true` or `false`')
    return true
  }

  #falco(): FalcoWish {
    const wish = readFalcoWish(this.#custom['falco'])
    if ('mode' in wish) return wish
    this.#error('GUARDRAIL_FALCO', wish.message, wish.help)
    return { mode: 'exact' }
  }

  #controls(): Record<string, string[]> {
    const controls = this.#custom['controls'] ?? {}
    if (typeof controls !== 'object' || Array.isArray(controls)) {
      this.#shape('controls', 'a mapping of frameworks to lists')
      return {}
    }
    return Object.fromEntries(
      Object.entries(objectOf(controls)).map(([framework, list]) => [
        framework,
        this.#texts(`controls.${framework}`, list),
      ]),
    )
  }

  #texts(name: string, list: unknown): string[] {
    const items: unknown = list ?? []
    if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items
    this.#shape(name, 'a list of texts; quote those that look like numbers')
    return []
  }

  #shape(name: string, wanted: string): void {
    const message = `\`custom.${name}\` in METADATA is not ${wanted.split(';')[0]}`
    this.#error('GUARDRAIL_METADATA', message, `give ${wanted}`)
  }

  #error(code: string, message: string, help: string): void {
    this.#note('error', code, message, help)
  }

  #note(severity: 'error' | 'warning', code: string, message: string, help: string): void {
    const { file } = this.#module
    this.diagnostics.push({ code, severity, message, file, line: this.#line, help })
  }
}

function references(list: unknown): Reference[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown) => {
    const ref = textOf(objectOf(item)['ref'])
    const description = textOf(objectOf(item)['description'])
    if (ref === null) return []
    return [description === null ? { ref } : { ref, description }]
  })
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
