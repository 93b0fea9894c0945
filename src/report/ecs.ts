import type { Finding } from '../engine/finding.ts'
import { priorities } from '../text/priority.ts'
import { tacticsOf, techniquesOf } from './attack.ts'
import { errorLine } from './jsonl.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'

/** Version of the Elastic Common Schema that is written. */
const SCHEMA_VERSION = '8.17.0'

/** ECS categories and types of a verb; others change nothing that is known. */
const types: Readonly<Record<string, readonly string[]>> = {
  create: ['creation'],
  update: ['change'],
  patch: ['change'],
  delete: ['deletion'],
  deletecollection: ['deletion'],
  get: ['access'],
  list: ['access'],
  watch: ['access'],
}

/** Alerts in the Elastic Common Schema, one per line; the request under `kubernetes.audit`. */
export function ecsReporter({ version }: ReporterOptions): Reporter {
  return {
    finding: (finding) => `${JSON.stringify(alert(finding, version))}\n`,
    end: (_summary, error) => errorLine(error),
  }
}

function alert(finding: Finding, version: string): object {
  const { rule, engine, title, priority, message, tags, time, auditID, stage, verb } = finding
  const { user, resource, sourceIPs, userAgent, response, fingerprint, file, line } = finding
  const tactics = tacticsOf(tags)
  const techniques = techniquesOf(tags)
  return {
    '@timestamp': time ?? undefined,
    ecs: { version: SCHEMA_VERSION },
    message,
    tags,
    event: {
      kind: 'alert',
      module: 'kubernetes',
      dataset: 'kubernetes.audit_logs',
      provider: 'parapet',
      id: fingerprint,
      action: verb ?? undefined,
      category: ['intrusion_detection'],
      type: types[verb ?? ''] ?? ['info'],
      outcome: outcome(response.code),
      // Syslog's numbers turned round: higher is more severe, as ECS wants it.
      severity: (priorities.length - 1 - priorities.indexOf(priority)) * 10,
    },
    log: { level: priority.toLowerCase(), file: { path: file }, origin: { file: { line } } },
    rule: { id: rule, name: title, ruleset: 'parapet', category: engine, version },
    threat:
      tactics.length + techniques.length === 0
        ? undefined
        : {
            framework: 'MITRE ATT&CK',
            tactic: { id: tactics.map(({ uid }) => uid), name: tactics.map(({ name }) => name) },
            technique: { id: techniques },
          },
    user: {
      name: user.name ?? undefined,
      roles: user.groups,
      effective: user.impersonated === null ? undefined : { name: user.impersonated },
    },
    source: sourceIPs.length > 0 ? { ip: sourceIPs[0], address: sourceIPs[0] } : undefined,
    client: sourceIPs.length > 0 ? { ip: sourceIPs[0] } : undefined,
    user_agent: userAgent === null ? undefined : { original: userAgent },
    http: response.code === null ? undefined : { response: { status_code: response.code } },
    orchestrator: {
      type: 'kubernetes',
      namespace: resource?.namespace ?? undefined,
      resource: { name: resource?.name ?? undefined, type: resource?.resource ?? undefined },
    },
    related: {
      user: [user.name, user.impersonated].filter((name) => name !== null),
      ip: sourceIPs,
    },
    kubernetes: {
      audit: {
        auditID: auditID ?? undefined,
        stage: stage ?? undefined,
        verb: verb ?? undefined,
        objectRef: resource ?? undefined,
        sourceIPs,
      },
    },
  }
}

function outcome(code: number | null): string {
  if (code === null) return 'unknown'
  return code < 400 ? 'success' : 'failure'
}
