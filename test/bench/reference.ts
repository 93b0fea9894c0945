/**
 * The residual of the reference policy, written by hand from its 20 rules: what OPA's partial
 * evaluation leaves of them. Lets the index be tested apart from the reading of partial evaluation.
 */
import {
  compare,
  type Conjunction,
  elementPath,
  eventPath,
  not,
  type Path,
  type Residual,
  some,
  test,
} from '../../src/residual/residual.ts'

const resource: Path = eventPath('objectRef', 'resource')
const subresource: Path = eventPath('objectRef', 'subresource')
const namespace: Path = eventPath('objectRef', 'namespace')
const verb: Path = eventPath('verb')
const username: Path = eventPath('user', 'username')
const spec: Path = eventPath('requestObject', 'spec')

const writes = ['create', 'update', 'patch', 'delete', 'deletecollection']
const systemUsers = ['system:kube-scheduler', 'system:kube-controller-manager', 'system:apiserver']

const is = (path: Path, value: string | number | boolean) => compare(path, 'equal', value)
const among = (path: Path, values: readonly string[]) => compare(path, 'in', values)
/** `not startswith(path, text)`: the argument is evaluated outside of the negation. */
const notStarting = (path: Path, text: string): Conjunction => [
  test(path, 'defined'),
  not([compare(path, 'startsWith', text)]),
]
const under = (path: Path, ...steps: string[]): Path => ({
  ...path,
  steps: [...path.steps, ...steps],
})

/** The rules in their order, by id. */
export const referenceRules: Readonly<Record<string, Residual>> = {
  exec: [
    [is(resource, 'pods'), among(subresource, ['exec', 'attach']), among(verb, ['create', 'get'])],
  ],
  anon: [[is(username, 'system:anonymous'), ...notStarting(eventPath('requestURI'), '/healthz')]],
  priv: [
    [
      is(resource, 'pods'),
      is(verb, 'create'),
      some(under(spec, 'containers'), [is(elementPath(1, 'securityContext', 'privileged'), true)]),
    ],
  ],
  hostns: ['hostNetwork', 'hostPID', 'hostIPC'].map((field) => [
    is(resource, 'pods'),
    is(verb, 'create'),
    is(under(spec, field), true),
  ]),
  hostpath: ['/etc', '/var/run/docker.sock', '/proc', '/'].map((path) => [
    is(resource, 'pods'),
    is(verb, 'create'),
    some(under(spec, 'volumes'), [compare(elementPath(1, 'hostPath', 'path'), 'startsWith', path)]),
  ]),
  crb: [
    [
      among(resource, ['clusterrolebindings', 'rolebindings']),
      among(verb, ['create', 'update', 'patch']),
      is(eventPath('requestObject', 'roleRef', 'name'), 'cluster-admin'),
    ],
  ],
  wildrole: [
    [
      among(resource, ['clusterroles', 'roles']),
      among(verb, writes),
      some(eventPath('requestObject', 'rules'), [
        some(elementPath(1, 'resources'), [is(elementPath(2), '*')]),
      ]),
    ],
  ],
  secretlist: [
    [
      is(resource, 'secrets'),
      among(verb, ['list', 'get']),
      test(username, 'defined'),
      not([among(username, systemUsers)]),
      ...notStarting(username, 'system:serviceaccount:kube-system:'),
    ],
  ],
  forbidden: [[is(eventPath('responseStatus', 'code'), 403)]],
  unauth: [[is(eventPath('responseStatus', 'code'), 401)]],
  sa: [
    [
      is(resource, 'serviceaccounts'),
      is(subresource, 'token'),
      is(verb, 'create'),
      ...notStarting(username, 'system:node:'),
    ],
  ],
  cm: [
    [
      is(resource, 'configmaps'),
      among(verb, writes),
      some(eventPath('requestObject', 'data'), [
        compare({ from: { key: 1 }, steps: [] }, 'regexMatch', '(?i)(aws_secret|password|api_key)'),
      ]),
    ],
  ],
  ns: [
    [
      among(namespace, ['kube-system', 'kube-public']),
      among(verb, writes),
      ...notStarting(username, 'system:'),
    ],
  ],
  ephemeral: [[is(subresource, 'ephemeralcontainers'), among(verb, ['patch', 'update'])]],
  nodeproxy: [[is(resource, 'nodes'), is(subresource, 'proxy')]],
  webhook: [
    [
      among(resource, ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']),
      among(verb, writes),
    ],
  ],
  csr: [
    [
      is(resource, 'certificatesigningrequests'),
      is(subresource, 'approval'),
      among(verb, ['update', 'patch']),
    ],
  ],
  imp: [
    [
      test(eventPath('impersonatedUser', 'username'), 'truthy'),
      ...notStarting(username, 'system:'),
    ],
  ],
  ext: [
    [
      some(
        eventPath('sourceIPs'),
        ['10.', '192.168.', '127.', '172.', '::1'].flatMap((text) =>
          notStarting(elementPath(1), text),
        ),
      ),
    ],
  ],
  nodeport: [
    [
      is(resource, 'services'),
      is(verb, 'create'),
      is(eventPath('requestObject', 'spec', 'type'), 'NodePort'),
    ],
  ],
}

/** The residual of the decision `guardrails/violations`. */
export const referenceResidual: Residual = Object.values(referenceRules).flat()

/** Everything that the reference policy reads, messages included. */
export const referenceReads: readonly Path[] = [
  resource,
  subresource,
  namespace,
  eventPath('objectRef', 'name'),
  verb,
  username,
  eventPath('requestURI'),
  eventPath('sourceIPs'),
  eventPath('impersonatedUser', 'username'),
  eventPath('responseStatus', 'code'),
  under(spec, 'containers'),
  under(spec, 'volumes'),
  under(spec, 'hostNetwork'),
  under(spec, 'hostPID'),
  under(spec, 'hostIPC'),
  under(spec, 'type'),
  eventPath('requestObject', 'roleRef', 'name'),
  eventPath('requestObject', 'rules'),
  eventPath('requestObject', 'data'),
]
