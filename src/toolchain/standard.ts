/**
 * What every guardrail may rely on: Parapet's library `data.parapet.lib`, the defaults of `data.org`
 * that it reads, and the schema of an audit event. A policy of one's own then needs no copy of them.
 */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { objectOf } from '../text/json.ts'
import { parseYaml, yamlValue } from '../text/yaml.ts'
import { bundlePath, type PolicySources, type RegoSource } from './sources.ts'

/** The pack stands beside `src`, `dist` and in the published package alike. */
const pack = new URL('../../rego/', import.meta.url)

/** Adds what a policy uses and does not bring itself; a policy that brings its own keeps its own. */
export async function withStandardLibrary(policy: PolicySources): Promise<PolicySources> {
  const texts = policy.modules.map((module) => module.text)
  const uses = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text))
  const needsLibrary = uses(/\bdata\.parapet\b/) && !uses(/^package\s+parapet\b/m)
  const needsDefaults = (needsLibrary || uses(/\bdata\.org\b/)) && !bringsOrg(policy)
  const library = needsLibrary ? await readLibrary() : []
  const defaults = needsDefaults ? [await readDefaults()] : []
  const added = [...(needsLibrary ? ['parapet'] : []), ...(needsDefaults ? ['org'] : [])]
  return {
    ...policy,
    ...withRoots(policy, added),
    schemas: { audit_event: await standardSchema(), ...policy.schemas },
    modules: [...policy.modules, ...library],
    documents: [...(policy.documents ?? []), ...defaults],
  }
}

/** Roots that a manifest names must hold what was added. */
function withRoots({ manifest }: PolicySources, added: readonly string[]): Partial<PolicySources> {
  const roots = manifest?.['roots']
  if (!Array.isArray(roots) || roots.includes('')) return {}
  const texts = roots as readonly string[]
  return { manifest: { ...manifest, roots: [...new Set([...texts, ...added])] } }
}

/** Whether the policy has lists of its own in `data.org`. Exceptions are none, and go with the defaults. */
function bringsOrg({ documents = [], data }: PolicySources): boolean {
  const isOrg = (source: RegoSource): boolean => {
    const path = bundlePath(source)
    if (path.includes('/')) return path.startsWith('org/') && !path.startsWith('org/exceptions/')
    const [root] = parseYaml(source).documents
    return root !== undefined && hasLists(yamlValue(root))
  }
  return documents.some(isOrg) || hasLists(data)
}

function hasLists(data: unknown): boolean {
  return Object.keys(objectOf(objectOf(data)['org'])).some((key) => key !== 'exceptions')
}

async function readLibrary(): Promise<RegoSource[]> {
  const names = (await readdir(new URL('lib/', pack))).filter(
    (name) => name.endsWith('.rego') && !name.endsWith('_test.rego'),
  )
  return Promise.all(names.sort().map((name) => readSource(`lib/${name}`, `parapet/lib/${name}`)))
}

function readDefaults(): Promise<RegoSource> {
  return readSource('org/data.yaml', 'org/data.yaml')
}

/** JSON Schema of an audit event. */
export async function standardSchema(): Promise<unknown> {
  return JSON.parse(await readFile(new URL('schemas/audit_event.json', pack), 'utf8')) as unknown
}

async function readSource(name: string, path: string): Promise<RegoSource> {
  const url = new URL(name, pack)
  return { file: fileURLToPath(url), path, text: await readFile(url, 'utf8') }
}
