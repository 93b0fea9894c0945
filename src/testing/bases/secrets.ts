import { type Base, request } from './request.ts'

const SECRET = { resource: 'secrets', namespace: 'payments', name: 'stripe' }
const SECRETS = { resource: 'secrets', namespace: 'payments' }
const SETTINGS = { resource: 'configmaps', namespace: 'shop', name: 'settings' }
const settings = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { 'log-level': 'info' },
}

/** Secrets, configuration and tokens. */
export const secrets: Readonly<Record<string, Base>> = {
  'secret-get': request('A secret is read', 'get', SECRET),
  'secret-list': request('The secrets of a namespace are listed', 'list', SECRETS),
  'secret-watch': request('The secrets of a namespace are watched', 'watch', {
    ...SECRETS,
    query: 'watch=true',
  }),
  'secret-create': request('A secret is created', 'create', SECRET, {
    requestObject: {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 'stripe', namespace: 'payments' },
      type: 'Opaque',
      data: { 'api-key': 'bm90LWEtcmVhbC1rZXk=' },
    },
  }),
  'secret-delete': request('A secret is deleted', 'delete', SECRET),
  'configmap-create': request('A config map is created', 'create', SETTINGS, {
    requestObject: settings,
  }),
  'configmap-update': request('A config map is replaced', 'update', SETTINGS, {
    requestObject: settings,
  }),
  'configmap-patch': request('A config map is changed', 'patch', SETTINGS, {
    requestObject: { data: { 'log-level': 'debug' } },
  }),
  'serviceaccount-create': request(
    'A service account is created',
    'create',
    { resource: 'serviceaccounts', namespace: 'shop', name: 'web' },
    {
      requestObject: {
        kind: 'ServiceAccount',
        apiVersion: 'v1',
        metadata: { name: 'web', namespace: 'shop' },
      },
    },
  ),
  'serviceaccount-token': request(
    'A token of a service account is requested',
    'create',
    { resource: 'serviceaccounts', namespace: 'shop', name: 'web', subresource: 'token' },
    {
      requestObject: {
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: {},
        spec: { audiences: [], expirationSeconds: 3600, boundObjectRef: null },
        status: { token: '', expirationTimestamp: null },
      },
      responseStatus: { metadata: {}, code: 201 },
    },
  ),
}
