import { readFileSync } from 'node:fs'
import path from 'node:path'
import { admit } from '../../../src/engine/admission.ts'
import { rulesFile } from '../../../src/falco/generate/index.ts'
import { loadRules, Ruleset } from '../../../src/falco/index.ts'
import { generateFalcoRules } from '../../../src/io/falco-generate.ts'
import { Policy } from '../../../src/rego/policy.ts'
import type { Json } from '../../../src/residual/residual.ts'
import { valueAt } from '../../../src/residual/value.ts'
import { root } from '../../support/cli.ts'
import type { Pack } from '../../support/pack.ts'

/** What both engines say of one event by one guardrail. */
export interface Pair {
  readonly id: string
  readonly event: Json
  readonly rego: readonly string[]
  readonly falco: string
}

/** The sentence of an output: without the title before it and the fields behind it. */
export function sentenceOf(output: string, title: string): string {
  const fields = / \((?:\w+=%\S+ ?)+\)$/.exec(output)!
  return output.slice(`${title}: `.length, fields.index)
}

/** The guardrails of the pack and their rules, of whose outputs only the sentences are left. */
export class Sentences {
  /** By guardrail id, as templates. */
  readonly templates: ReadonlyMap<string, string>
  readonly #policy: Policy
  readonly #rules: Ruleset

  private constructor(templates: ReadonlyMap<string, string>, policy: Policy, rules: Ruleset) {
    this.templates = templates
    this.#policy = policy
    this.#rules = rules
  }

  static async open({ compiled, data }: Pack): Promise<Sentences> {
    const generated = await generateFalcoRules('builtin', root, 'parapet')
    const outcomes = generated.outcomes.map((one) => {
      const { rule } = one
      return rule ? { ...one, rule: { ...rule, output: sentenceOf(rule.output, rule.name) } } : one
    })
    const text = rulesFile({ ...generated, outcomes })
    const { compilation } = loadRules([{ file: 'generated', text }])
    const templates = outcomes.flatMap(({ guardrail, rule }) =>
      rule ? [[guardrail.id, rule.output] as const] : [],
    )
    const policy = await Policy.load(compiled.wasm, { data: data as Record<string, unknown> })
    return new Sentences(new Map(templates), policy, new Ruleset(compilation!))
  }

  of(bytes: Uint8Array): readonly Pair[] {
    const proved = admit(bytes, 0, bytes.length, () => {})
    if (!proved) return []
    const entrypoint = this.#policy.entrypoint('guardrails/violations')
    const found = (this.#policy.decide(entrypoint, proved) ?? []) as readonly {
      readonly id: string
      readonly message: string
    }[]
    const event = JSON.parse(Buffer.from(bytes).toString()) as Json
    return this.#rules.evaluate(bytes).flatMap(({ tags, message: falco }) => {
      const id = tags
        .map((tag) => tag.slice('parapet_'.length))
        .find((one) => this.templates.has(one))
      const rego = found.filter((one) => one.id === id).map(({ message }) => message)
      return id === undefined || rego.length === 0 ? [] : [{ id, event, rego, falco }]
    })
  }
}

const library = readFileSync(path.join(root, 'rego/lib/text.rego'), 'utf8')

/** A table of the library: words by the API's names. */
function table(name: string): ReadonlyMap<string, string> {
  const [, rows] = new RegExp(`^${name} := \\{([^}]*)\\}`, 'm').exec(library)!
  return new Map([...rows!.matchAll(/"(\w+)": "([^"]+)"/g)].map(([, key, word]) => [key!, word!]))
}

const pastTense = table('past_tense')
const infinitives = table('infinitives')
const singular = table('singular')

function textAt({ event }: Pair, ...steps: string[]): string {
  const value = valueAt(event, steps)
  return typeof value === 'string' ? value : ''
}

/** Guardrails that look for requests that are refused, or made in another name. */
const aboutOthers = ['forbidden-request', 'impersonation', 'invalid-credentials']

/** Of such a request outputs tell: granted, in the caller's own name, about an object, with a known verb. */
export function isUsual(pair: Pair): boolean {
  const code = valueAt(pair.event, ['responseStatus', 'code'])
  const isRefused = typeof code === 'number' && code >= 400
  const isImpersonated = textAt(pair, 'impersonatedUser', 'username') !== ''
  return (
    (aboutOthers.includes(pair.id) || !(isRefused || isImpersonated)) &&
    textAt(pair, 'objectRef', 'resource') !== '' &&
    pastTense.has(textAt(pair, 'verb'))
  )
}

/** Whether the sentences differ in nothing, or in how API's words, lists and missing values are written. */
export function compared(pair: Pair): 'equal' | 'alike' | 'other' {
  if (pair.rego.includes(pair.falco)) return 'equal'
  const [verb, resource] = [textAt(pair, 'verb'), textAt(pair, 'objectRef', 'resource')]
  const variants = pair.rego
    .map((said) => said.replace(' in the whole cluster', ''))
    .flatMap((said) => [
      said,
      said.replace(` ${pastTense.get(verb)} `, ` asked to ${verb} `),
      said.replace(` to ${infinitives.get(verb)} `, ` to ${verb} `),
    ])
    .flatMap((said) => [said, said.replace(` ${singular.get(resource)} `, ` ${resource} `)])
  return variants.includes(plain(pair.falco)) ? 'alike' : 'other'
}

/** Lists of one element like the element, and without names and namespaces that are not there. */
function plain(falco: string): string {
  return falco
    .replaceAll(/( in namespace)? <NA>/g, '')
    .replaceAll(/\["([^",]*)"\]|\((\S[^),]*)\)/g, (all, json, list) => json ?? list ?? all)
}
