import { type Base, request } from './request.ts'

const POD = { resource: 'pods', namespace: 'shop', name: 'web-0' }
const DEPLOYMENT = { resource: 'deployments', namespace: 'shop', name: 'web', group: 'apps' }
const JSON_PATCH = 'application/json-patch+json'

const container = {
  name: 'main',
  image: 'registry.example.com/shop/web:1.4.2',
  imagePullPolicy: 'IfNotPresent',
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
  },
}
const podSpec = { containers: [container], restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' }
const jobPodSpec = { ...podSpec, restartPolicy: 'Never' }
const labels = { app: 'web' }
const template = { metadata: { labels }, spec: podSpec }

function written(kind: string, apiVersion: string, name: string, spec: unknown): object {
  return { requestObject: { kind, apiVersion, metadata: { name, namespace: 'shop' }, spec } }
}

function workload(kind: string, resource: string, more: object): Base {
  const target = { resource, namespace: 'shop', name: 'web', group: 'apps' }
  const spec = { selector: { matchLabels: labels }, template, ...more }
  const description = `A ${kind} is created`
  return request(description, 'create', target, { ...written(kind, 'apps/v1', 'web', spec) })
}

/** Pods, what makes them, and what is done in them. */
export const workloads: Readonly<Record<string, Base>> = {
  'pod-create': request('A pod is created', 'create', POD, {
    ...written('Pod', 'v1', 'web-0', podSpec),
  }),
  'pod-exec': request('A shell is opened in a pod', 'get', {
    ...POD,
    subresource: 'exec',
    query: 'command=sh&container=main&stdin=true&stdout=true&tty=true',
  }),
  'pod-attach': request('A terminal is attached to a pod', 'get', {
    ...POD,
    subresource: 'attach',
    query: 'container=main&stdin=true&stdout=true&tty=true',
  }),
  'pod-portforward': request('A port of a pod is forwarded', 'get', {
    ...POD,
    subresource: 'portforward',
    query: 'ports=8080',
  }),
  'pod-log': request('The log of a pod is read', 'get', {
    ...POD,
    subresource: 'log',
    query: 'container=main',
  }),
  'pod-ephemeral-container': request(
    'A debug container is added to a running pod',
    'patch',
    { ...POD, subresource: 'ephemeralcontainers' },
    {
      requestObject: {
        spec: {
          ephemeralContainers: [
            { name: 'debugger', image: 'busybox:1.37', stdin: true, targetContainerName: 'main' },
          ],
        },
      },
    },
  ),
  'pod-delete': request('A pod is deleted', 'delete', POD),
  'pods-deletecollection': request('All pods of a namespace are deleted', 'deletecollection', {
    resource: 'pods',
    namespace: 'shop',
  }),
  'deployment-create': workload('Deployment', 'deployments', { replicas: 2 }),
  'deployment-update': request('A deployment is replaced', 'update', DEPLOYMENT, {
    ...written('Deployment', 'apps/v1', 'web', {
      replicas: 2,
      selector: { matchLabels: labels },
      template,
    }),
  }),
  'deployment-patch': request('The image of a deployment is changed', 'patch', DEPLOYMENT, {
    requestObject: {
      spec: {
        template: {
          spec: { containers: [{ name: 'main', image: 'registry.example.com/shop/web:1.4.3' }] },
        },
      },
    },
  }),
  'deployment-json-patch': request(
    `The image of a deployment is changed by a JSON patch (${JSON_PATCH})`,
    'patch',
    DEPLOYMENT,
    {
      requestObject: [
        {
          op: 'replace',
          path: '/spec/template/spec/containers/0/image',
          value: 'registry.example.com/shop/web:1.4.3',
        },
      ],
    },
  ),
  'daemonset-create': workload('DaemonSet', 'daemonsets', {}),
  'statefulset-create': workload('StatefulSet', 'statefulsets', {
    replicas: 2,
    serviceName: 'web',
  }),
  'job-create': request(
    'A job is created',
    'create',
    { resource: 'jobs', namespace: 'shop', name: 'report', group: 'batch' },
    { ...written('Job', 'batch/v1', 'report', { template: { spec: jobPodSpec } }) },
  ),
  'cronjob-create': request(
    'A cron job is created',
    'create',
    { resource: 'cronjobs', namespace: 'shop', name: 'report', group: 'batch' },
    {
      ...written('CronJob', 'batch/v1', 'report', {
        schedule: '0 3 * * *',
        jobTemplate: { spec: { template: { spec: jobPodSpec } } },
      }),
    },
  ),
}
