/** `ka.req.pod.<containers|initContainers|ephemeralContainers>.*` */
import type { JsonValue } from '../event/json-value.ts'
import type { EventView } from '../event/view.ts'
import type { Extractor } from './extract.ts'
import { allTexts, textsOf, valuesAt } from './values.ts'

type Values = readonly (JsonValue | undefined)[]

/** Values of `path` in each container of a list; undefined where there is no such list. */
export function inContainers(
  view: EventView,
  list: string,
  index: number | undefined,
  ...path: readonly string[]
): Values | undefined {
  return valuesAt(view.root, index, ['requestObject', 'spec', list, ...path])
}

const securityContext: Readonly<Record<string, readonly string[]>> = {
  privileged: ['privileged'],
  allow_privilege_escalation: ['allowPrivilegeEscalation'],
  read_only_fs: ['readOnlyRootFilesystem'],
  run_as_user: ['runAsUser'],
  run_as_group: ['runAsGroup'],
  proc_mount: ['procMount'],
  add_capabilities: ['capabilities', 'add'],
}

/** The extractor of one part of one list. */
export function containerField(list: string, part: string): Extractor {
  const inSecurityContext = securityContext[part]
  if (inSecurityContext) {
    return (view, { index }) => {
      const values = inContainers(view, list, index, 'securityContext', ...inSecurityContext)
      return values && textsOf(values)
    }
  }
  switch (part) {
    case 'name':
      return (view, { index }) => texts(inContainers(view, list, index, 'name'))
    case 'image':
      return (view, { index }) => texts(inContainers(view, list, index, 'image'))
    case 'image.repository':
      return (view, { index }) => texts(inContainers(view, list, index, 'image'))?.map(repository)
    case 'command':
    case 'args':
      return (view, { index }) => joined(inContainers(view, list, index, part))
    case 'host_port':
      return (view, { index }) => hostPorts(inContainers(view, list, index, 'ports'))
    case 'eff_run_as_user':
      return effective(list, 'runAsUser')
    default:
      return effective(list, 'runAsGroup')
  }
}

function texts(values: Values | undefined): string[] | undefined {
  return values && allTexts(values)
}

/** Up to the first colon, so a registry's port ends it; then up to the digest. */
export function repository(image: string): string {
  return image.split(':')[0]!.split('@')[0]!
}

/** One text per container that has the array; a part that is no string spoils the field. */
function joined(values: Values | undefined): string[] | undefined {
  if (!values) return undefined
  const lines: string[] = []
  for (const value of values) {
    if (!value) continue
    if (value.kind !== 'array') return undefined
    const parts = value.items()
    if (parts.some((part) => part.kind !== 'string')) return undefined
    lines.push(parts.map((part) => part.text()).join(' '))
  }
  return lines
}

function hostPorts(values: Values | undefined): string[] | undefined {
  if (!values) return undefined
  const ports: string[] = []
  for (const value of values) {
    if (!value) continue
    if (value.kind !== 'array') return undefined
    for (const port of value.items()) {
      const text = (port.get('hostPort') ?? port.get('containerPort'))?.text()
      if (text !== undefined) ports.push(text)
    }
  }
  return ports
}

/** The plugin looks for the id beside securityContext instead of inside, so this is its default. */
function effective(list: string, key: string): Extractor {
  return (view, { index }) => {
    const inPod = view.root.get('requestObject', 'spec', key)?.text() ?? '0'
    return inContainers(view, list, index, key)?.map((value) => value?.text() ?? inPod)
  }
}
