/**
 * Names that stand in one place only of all that an object of some kind may hold, or in a few: where
 * one is found in the compact JSON of a request's body, it is known what it means, whether the body is
 * the object, a part of it, or a JSON patch. With the API of Kubernetes 1.34; what a string holds is
 * escaped, so that no text can pretend to be a name.
 *
 * Labels, annotations, selectors and data may have any names, but hold strings only. So a name tells
 * by itself where its value is a boolean, an array or an object. Where it is a string, it tells in an
 * object that also holds an object, because none of these do.
 */
import { CONTAINER_LISTS, type Way } from './bodies.ts'

export interface UniqueName {
  readonly name: string
  /** Its value is a string. */
  readonly isText?: true
  /** From the object to the name. */
  readonly places: readonly Way[]
}

interface Kinds {
  readonly resources: readonly string[]
  readonly names: readonly UniqueName[]
}

const POD_SPECS: readonly Way[] = [
  ['spec'],
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['template', 'spec'],
]

function inPodSpecs(name: string, ...ways: readonly Way[]): UniqueName {
  return { name, places: POD_SPECS.flatMap((spec) => ways.map((way) => [...spec, ...way, name])) }
}

const securityContexts = CONTAINER_LISTS.map((list): Way => [list, null, 'securityContext'])
const windowsOptions = [...securityContexts, ['securityContext']].map((way): Way => [
  ...way,
  'windowsOptions',
])

/** Objects without a template have them once. */
const labels: UniqueName = { name: 'labels', places: [['metadata', 'labels']] }
const annotations: UniqueName = { name: 'annotations', places: [['metadata', 'annotations']] }

const kinds: readonly Kinds[] = [
  {
    resources: [
      'pods',
      'podtemplates',
      'replicationcontrollers',
      'deployments',
      'daemonsets',
      'statefulsets',
      'replicasets',
      'jobs',
      'cronjobs',
      'deploymentconfigs',
      'rollouts',
    ],
    names: [
      inPodSpecs('hostIPC', []),
      inPodSpecs('hostNetwork', []),
      inPodSpecs('hostPID', []),
      inPodSpecs('privileged', ...securityContexts),
      inPodSpecs('allowPrivilegeEscalation', ...securityContexts),
      inPodSpecs('hostProcess', ...windowsOptions),
      inPodSpecs('add', ...securityContexts.map((way): Way => [...way, 'capabilities'])),
    ],
  },
  {
    resources: ['roles', 'clusterroles'],
    names: [
      ...['verbs', 'resources', 'apiGroups', 'nonResourceURLs'].map((name) => ({
        name,
        places: [['rules', null, name]],
      })),
      labels,
      { name: 'clusterRoleSelectors', places: [['aggregationRule', 'clusterRoleSelectors']] },
    ],
  },
  {
    resources: ['rolebindings', 'clusterrolebindings'],
    names: [
      { name: 'roleRef', places: [['roleRef']] },
      { name: 'subjects', places: [['subjects']] },
    ],
  },
  {
    resources: ['services'],
    names: [
      { name: 'spec', places: [['spec']] },
      { name: 'type', isText: true, places: [['spec', 'type']] },
      { name: 'externalIPs', places: [['spec', 'externalIPs']] },
      { name: 'ingress', places: [['status', 'loadBalancer', 'ingress']] },
    ],
  },
  {
    resources: ['namespaces'],
    names: [labels],
  },
  {
    resources: ['secrets'],
    names: [{ name: 'type', isText: true, places: [['type']] }, annotations],
  },
]

/** What is known of a name in the bodies of all of these resources. */
export function uniqueName(
  resources: readonly string[] | undefined,
  name: string,
): UniqueName | undefined {
  const found = kinds.find((kind) => resources?.every((one) => kind.resources.includes(one)))
  return found?.names.find((one) => one.name === name)
}
