import { type Base, request } from './request.ts'

const GROUP = 'rbac.authorization.k8s.io'
const ROLE = { resource: 'roles', namespace: 'shop', name: 'reader', group: GROUP }
const CLUSTER_ROLE = { resource: 'clusterroles', name: 'reader', group: GROUP }
const ROLE_BINDING = { resource: 'rolebindings', namespace: 'shop', name: 'readers', group: GROUP }
const CLUSTER_ROLE_BINDING = { resource: 'clusterrolebindings', name: 'readers', group: GROUP }

const rules = [{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] }]
const subjects = [{ kind: 'Group', apiGroup: GROUP, name: 'developers' }]

function written(kind: string, metadata: object, more: object): object {
  return { requestObject: { kind, apiVersion: `${GROUP}/v1`, metadata, ...more } }
}

function roleRef(kind: string): object {
  return { apiGroup: GROUP, kind, name: 'reader' }
}

/** Roles and who is bound to them. */
export const rbac: Readonly<Record<string, Base>> = {
  'role-create': request('A role is created', 'create', ROLE, {
    ...written('Role', { name: 'reader', namespace: 'shop' }, { rules }),
  }),
  'clusterrole-create': request('A cluster role is created', 'create', CLUSTER_ROLE, {
    ...written('ClusterRole', { name: 'reader' }, { rules }),
  }),
  'clusterrole-patch': request('The rules of a cluster role are changed', 'patch', CLUSTER_ROLE, {
    requestObject: { rules },
  }),
  'clusterrole-delete': request('A cluster role is deleted', 'delete', CLUSTER_ROLE),
  'rolebinding-create': request('A role is bound', 'create', ROLE_BINDING, {
    ...written(
      'RoleBinding',
      { name: 'readers', namespace: 'shop' },
      { subjects, roleRef: roleRef('Role') },
    ),
  }),
  'clusterrolebinding-create': request(
    'A cluster role is bound in the whole cluster',
    'create',
    CLUSTER_ROLE_BINDING,
    {
      ...written(
        'ClusterRoleBinding',
        { name: 'readers' },
        { subjects, roleRef: roleRef('ClusterRole') },
      ),
    },
  ),
  'clusterrolebinding-patch': request(
    'The subjects of a cluster role binding are changed',
    'patch',
    CLUSTER_ROLE_BINDING,
    { requestObject: { subjects } },
  ),
}
