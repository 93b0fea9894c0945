import { type Base, event, forbidden, request } from './request.ts'

const ANONYMOUS = { username: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Who asks, and whether they may. */
export const identity: Readonly<Record<string, Base>> = {
  'anonymous-request': event('Somebody who is not logged in asks for the version', {
    requestURI: '/version',
    verb: 'get',
    user: ANONYMOUS,
    responseStatus: { metadata: {}, code: 200 },
  }),
  'forbidden-request': request(
    'A person is not allowed to list the secrets of the cluster',
    'list',
    { resource: 'secrets' },
    forbidden(
      'secrets is forbidden: User "admin@example.com" cannot list resource "secrets" in API group "" at the cluster scope',
    ),
  ),
  'unauthorized-request': request(
    'Credentials are not accepted',
    'list',
    { resource: 'pods' },
    {
      stage: 'ResponseStarted',
      user: {},
      responseStatus: {
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      },
      annotations: {},
    },
  ),
  impersonation: request(
    'A person acts as another one',
    'list',
    { resource: 'pods', namespace: 'shop' },
    {
      impersonatedUser: { username: 'dev@example.com', groups: ['system:authenticated'] },
    },
  ),
  'serviceaccount-request': request(
    'A service account lists the pods of its namespace',
    'list',
    { resource: 'pods', namespace: 'shop' },
    {
      user: {
        username: 'system:serviceaccount:shop:web',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
      },
      sourceIPs: ['10.244.1.7'],
      userAgent: 'web/1.4.2',
    },
  ),
  'selfsubjectrulesreview-create': request(
    'A person asks what they may do',
    'create',
    { resource: 'selfsubjectrulesreviews', group: 'authorization.k8s.io' },
    {
      requestObject: {
        kind: 'SelfSubjectRulesReview',
        apiVersion: 'authorization.k8s.io/v1',
        metadata: {},
        spec: { namespace: 'default' },
        status: { resourceRules: null, nonResourceRules: null, incomplete: false },
      },
    },
  ),
  'pods-list': request('The pods of a namespace are listed', 'list', {
    resource: 'pods',
    namespace: 'shop',
  }),
}
