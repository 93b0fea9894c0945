import { configMap } from './config-map.ts'
import { scalar } from './yaml-text.ts'

export interface OpaManifestOptions {
  readonly name: string
  readonly namespace: string
  readonly image: string
  /** Variable with the bearer token, taken from a Secret of the same name as the Deployment. */
  readonly tokenEnv?: string
}

const PORT = 8181
const DIAGNOSTIC_PORT = 8282

/** OPA with a configuration as a ConfigMap, a Deployment and a Service of Kubernetes. */
export function opaDeployment(config: string, options: OpaManifestOptions): string {
  const { name, namespace } = options
  const labels = `app.kubernetes.io/name: ${scalar(name)}`
  const lines = [
    ...configMap(options, [{ name: 'opa.yaml', text: config }]),
    '---',
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    `  name: ${scalar(name)}`,
    `  namespace: ${scalar(namespace)}`,
    'spec:',
    '  replicas: 2',
    `  selector: {matchLabels: {${labels}}}`,
    '  template:',
    `    metadata: {labels: {${labels}}}`,
    '    spec:',
    '      automountServiceAccountToken: false',
    '      containers:',
    ...container(options, '0.0.0.0').map((line) => `        ${line}`),
    '      volumes:',
    ...volume(options).map((line) => `        ${line}`),
    '---',
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${scalar(name)}`,
    `  namespace: ${scalar(namespace)}`,
    'spec:',
    `  selector: {${labels}}`,
    `  ports: [{name: http, port: ${PORT}}]`,
  ]
  return `${lines.join('\n')}\n`
}

/** The ConfigMap, and what to put into somebody else's pod to run OPA beside it. */
export function opaSidecar(config: string, options: OpaManifestOptions): string {
  const lines = [
    ...configMap(options, [{ name: 'opa.yaml', text: config }]),
    '---',
    '# Into the pod template of your workload, for example with `kubectl patch --patch-file`:',
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    ...container(options, 'localhost').map((line) => `        ${line}`),
    '      volumes:',
    ...volume(options).map((line) => `        ${line}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Ready only when its bundles are active, so that nobody asks an OPA that knows nothing. */
function container({ name, image, tokenEnv }: OpaManifestOptions, host: string): string[] {
  const secret = `{secretKeyRef: {name: ${scalar(name)}, key: token}}`
  return [
    '- name: opa',
    `  image: ${scalar(image)}`,
    '  args:',
    '    - run',
    '    - --server',
    `    - --addr=${host}:${PORT}`,
    `    - --diagnostic-addr=0.0.0.0:${DIAGNOSTIC_PORT}`,
    '    - --config-file=/config/opa.yaml',
    ...(tokenEnv === undefined
      ? []
      : ['  env:', `    - {name: ${scalar(tokenEnv)}, valueFrom: ${secret}}`]),
    `  ports: [{containerPort: ${PORT}}]`,
    `  livenessProbe: {httpGet: {path: /health, port: ${DIAGNOSTIC_PORT}}}`,
    `  readinessProbe: {httpGet: {path: "/health?bundles", port: ${DIAGNOSTIC_PORT}}}`,
    '  securityContext:',
    '    allowPrivilegeEscalation: false',
    '    readOnlyRootFilesystem: true',
    '    runAsNonRoot: true',
    '    capabilities: {drop: [ALL]}',
    '    seccompProfile: {type: RuntimeDefault}',
    '  volumeMounts: [{name: opa-config, mountPath: /config, readOnly: true}]',
  ]
}

function volume({ name }: OpaManifestOptions): string[] {
  return [`- {name: opa-config, configMap: {name: ${scalar(name)}}}`]
}
