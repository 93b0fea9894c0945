/** Fields of role bindings and roles. */
import type { EventView } from '../event/view.ts'
import type { Extractor } from './extract.ts'
import { textsOf, valuesAt } from './values.ts'

/** Names of the subjects of one kind; a subject without kind or name does not count. */
function subjects(view: EventView, kind: string, namespaced = false): string[] | undefined {
  const list = view.root.get('requestObject', 'subjects')
  if (list?.kind !== 'array') return undefined
  return list.items().flatMap((subject) => {
    const name = subject.get('name')?.text()
    if (name === undefined || subject.get('kind')?.text() !== kind) return []
    if (!namespaced) return [name]
    const namespace = subject.get('namespace')?.text()
    return namespace === undefined ? [] : [`${namespace}:${name}`]
  })
}

/** Elements of an array in each rule of a role, flattened; the index picks a rule. */
function inRules(key: string): Extractor {
  return (view, { index }) =>
    valuesAt(view.root, index, ['requestObject', 'rules', key])?.flatMap((value) =>
      value?.kind === 'array' ? textsOf(value.items()) : [],
    )
}

export const bindings: Readonly<Record<string, Extractor>> = {
  userSubjects: (view) => subjects(view, 'User'),
  groupSubjects: (view) => subjects(view, 'Group'),
  serviceAccountSubjects: (view) => subjects(view, 'ServiceAccount'),
  namespacedServiceAccountSubjects: (view) => subjects(view, 'ServiceAccount', true),
  ruleApiGroups: inRules('apiGroups'),
  ruleUrls: inRules('nonResourceURLs'),
  ruleVerbs: inRules('verbs'),
  ruleResources: inRules('resources'),
  ruleSourceIPs: inRules('sourceIPs'),
}
