import { fileURLToPath } from 'node:url'
import type { PolicySources, RegoSource } from '../toolchain/sources.ts'
import { readPolicyFolder } from './policy-folder.ts'

/** The built-in pack's sources, which stand beside `src` and `dist` alike. */
const PACK = fileURLToPath(new URL('../../rego', import.meta.url))

const IMPORTS_LIBRARY = /\bdata\.parapet\.(?:lib|fixtures)\b/
const IS_LIBRARY = /^package parapet\.(?:lib|fixtures)\b/m
/** What the library reads, and what a guardrail of one's own may read too. */
const READS_ORG = /\bdata\.org\b/

/**
 * Lends a policy what it uses of the built-in pack without having it: the library `parapet.lib`, the
 * default data of `data.org` and the schema of audit events. A policy that has its own keeps it.
 */
export async function withLibrary(policy: PolicySources): Promise<PolicySources> {
  const { modules, documents = [], schemas = {} } = policy
  const has = (pattern: RegExp): boolean => modules.some(({ text }) => pattern.test(text))
  const needsLibrary = has(IMPORTS_LIBRARY) && !has(IS_LIBRARY)
  const needsOrg =
    (needsLibrary || has(READS_ORG)) && !documents.some(({ path }) => path?.startsWith('org/'))
  const needsSchema = !Object.hasOwn(schemas, 'audit_event')
  if (!needsLibrary && !needsOrg && !needsSchema) return policy
  const pack = (await readPolicyFolder(PACK, { shown: 'builtin', borrow: false })).policy
  const from = (sources: readonly RegoSource[] = [], folder: string): RegoSource[] =>
    sources.filter(({ path }) => path?.startsWith(folder))
  return {
    ...policy,
    modules: needsLibrary ? [...modules, ...libraryOf(from(pack.modules, 'lib/'))] : modules,
    documents: needsOrg ? [...documents, ...from(pack.documents, 'org/')] : documents,
    schemas: needsSchema ? { ...pack.schemas, ...schemas } : schemas,
  }
}

/** The library without the tests of its own; its fixtures are for the tests of whoever uses it. */
function libraryOf(modules: readonly RegoSource[]): RegoSource[] {
  return modules.filter(({ text }) => IS_LIBRARY.test(text))
}
