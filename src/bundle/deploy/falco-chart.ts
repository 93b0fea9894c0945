import { ParapetError } from '../../text/error.ts'
import type { Document } from '../../text/document.ts'
import { rulesfileConfig } from '../oci/falco-artifact.ts'
import { configMap, keyed } from './config-map.ts'

/** Version of the k8saudit plugin that is installed where the rules ask for none; major and minor. */
const K8SAUDIT_VERSION = '0.16'
/** Largest object that Kubernetes stores, less some room for the rest of the ConfigMap. */
const CONFIG_MAP_BYTES_MAX = 1_000_000

/**
 * Values for the official Falco chart: these rules, and the k8saudit plugin as the chart's own
 * `values-k8saudit.yaml` wires it (no driver, one instance, a webhook for the API server).
 */
export function falcoChartValues(rules: readonly Document[]): string {
  const lines = [
    '# For the chart falcosecurity/falco:',
    '#   helm upgrade --install falco falcosecurity/falco -n falco --create-namespace -f values.yaml',
    'driver:',
    '  enabled: false',
    'collectors:',
    '  enabled: false',
    'controller:',
    '  kind: deployment',
    '  deployment:',
    '    # Every instance would raise every alert.',
    '    replicas: 1',
    'falcoctl:',
    '  artifact:',
    '    install:',
    '      enabled: true',
    '    follow:',
    '      enabled: false',
    '  config:',
    '    artifact:',
    '      install:',
    `        refs: [${pluginReference(rules)}]`,
    'services:',
    '  # Where the audit webhook of the API server sends its events: http://<node>:30007/k8s-audit',
    '  - name: k8saudit-webhook',
    '    type: NodePort',
    '    ports:',
    '      - port: 9765',
    '        nodePort: 30007',
    '        protocol: TCP',
    'falco:',
    '  rules_files:',
    '    - /etc/falco/rules.d',
    '  plugins:',
    '    - name: k8saudit',
    '      library_path: libk8saudit.so',
    '      init_config: ""',
    '      open_params: "http://:9765/k8s-audit"',
    '    - name: json',
    '      library_path: libjson.so',
    '      init_config: ""',
    '  load_plugins: [k8saudit, json]',
    'customRules:',
    ...ruleFiles(rules).flatMap(({ name, text }) => keyed(name, text, 2)),
  ]
  return `${lines.join('\n')}\n`
}

/** The same rules as a ConfigMap, for installations that mount it into `/etc/falco/rules.d`. */
export function rulesConfigMap(
  rules: readonly Document[],
  place: { readonly name: string; readonly namespace: string },
): string {
  const files = ruleFiles(rules)
  const bytes = files.reduce((total, { text }) => total + Buffer.byteLength(text), 0)
  if (bytes > CONFIG_MAP_BYTES_MAX)
    throw new ParapetError(
      'FALCO_PACKAGE',
      `the rules have ${bytes} bytes, more than a ConfigMap can hold`,
      {
        help: 'push them as an artifact instead: `parapet push`',
      },
    )
  return `${configMap(place, files).join('\n')}\n`
}

/** Falco reads a folder in the order of its names, and keys must differ. */
function ruleFiles(rules: readonly Document[]): { name: string; text: string }[] {
  const seen = new Set<string>()
  return rules.map(({ file, text }) => {
    const name = file.slice(file.lastIndexOf('/') + 1)
    if (seen.has(name))
      throw new ParapetError('FALCO_PACKAGE', `two rules files are named \`${name}\``, {
        file,
        help: 'rename one of them',
      })
    seen.add(name)
    return { name, text }
  })
}

/** `k8saudit:0.7` for rules that require 0.7.0; the newest one that the chart names otherwise. */
function pluginReference(rules: readonly Document[]): string {
  const dependencies = rules.flatMap(
    (document) => rulesfileConfig(document, { name: '' }).dependencies ?? [],
  )
  const required = dependencies
    .filter(({ name }) => name === 'k8saudit')
    .map(({ version }) => version.split('.').map(Number))
  const newest = [...required, K8SAUDIT_VERSION.split('.').map(Number)].sort(
    (a, b) => (b[0] ?? 0) - (a[0] ?? 0) || (b[1] ?? 0) - (a[1] ?? 0),
  )[0]!
  return `k8saudit:${newest[0]}.${newest[1] ?? 0}`
}
