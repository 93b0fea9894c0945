import { type Base, request } from './request.ts'

const CSR = {
  resource: 'certificatesigningrequests',
  name: 'developer',
  group: 'certificates.k8s.io',
}
const csrSpec = {
  request: 'bm90IGEgcmVhbCByZXF1ZXN0',
  signerName: 'kubernetes.io/kube-apiserver-client',
  expirationSeconds: 86400,
  usages: ['client auth'],
}
const csr = {
  kind: 'CertificateSigningRequest',
  apiVersion: 'certificates.k8s.io/v1',
  metadata: { name: 'developer' },
  spec: csrSpec,
}
const NAMESPACE = { resource: 'namespaces', namespace: 'shop', name: 'shop' }
const NODE = { resource: 'nodes', name: 'worker-1' }
const ADMISSION = 'admissionregistration.k8s.io'

/** What the whole cluster rests on: certificates, namespaces, nodes, admission. */
export const cluster: Readonly<Record<string, Base>> = {
  'csr-create': request('A client certificate is requested', 'create', CSR, {
    requestObject: csr,
  }),
  'csr-approve': request(
    'A certificate request is approved',
    'update',
    { ...CSR, subresource: 'approval' },
    {
      requestObject: {
        ...csr,
        status: { conditions: [{ type: 'Approved', status: 'True', reason: 'KubectlApprove' }] },
      },
    },
  ),
  'namespace-create': request('A namespace is created', 'create', NAMESPACE, {
    requestObject: {
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: {
        name: 'shop',
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    },
  }),
  'namespace-patch': request('A label of a namespace is changed', 'patch', NAMESPACE, {
    requestObject: { metadata: { labels: { team: 'shop' } } },
  }),
  'namespace-delete': request('A namespace is deleted', 'delete', NAMESPACE),
  'node-patch': request('A node is cordoned', 'patch', NODE, {
    requestObject: { spec: { unschedulable: true } },
  }),
  'node-proxy': request('A kubelet is asked through the API server', 'get', {
    ...NODE,
    subresource: 'proxy',
  }),
  'webhook-create': request(
    'A mutating webhook is registered',
    'create',
    { resource: 'mutatingwebhookconfigurations', name: 'injector', group: ADMISSION },
    {
      requestObject: {
        kind: 'MutatingWebhookConfiguration',
        apiVersion: `${ADMISSION}/v1`,
        metadata: { name: 'injector' },
        webhooks: [
          {
            name: 'injector.example.com',
            clientConfig: { url: 'https://injector.example.com/mutate' },
            rules: [
              { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
            ],
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
          },
        ],
      },
    },
  ),
  'admission-policy-delete': request('A validating admission policy is deleted', 'delete', {
    resource: 'validatingadmissionpolicies',
    name: 'no-latest',
    group: ADMISSION,
  }),
  'apiservice-create': request(
    'An extension API server is registered',
    'create',
    {
      resource: 'apiservices',
      name: 'v1beta1.metrics.k8s.io',
      group: 'apiregistration.k8s.io',
    },
    {
      requestObject: {
        kind: 'APIService',
        apiVersion: 'apiregistration.k8s.io/v1',
        metadata: { name: 'v1beta1.metrics.k8s.io' },
        spec: {
          service: { name: 'metrics', namespace: 'monitoring' },
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
        },
      },
    },
  ),
}
