import { parseTimestamp } from '../audit/time.ts'
import type { Finding, Priority } from '../engine/finding.ts'
import { tacticsOf, techniquesOf } from './attack.ts'
import { errorLine } from './jsonl.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'

/** Version of the Open Cybersecurity Schema Framework that is written. */
const SCHEMA_VERSION = '1.5.0'
/** Version of MITRE ATT&CK that the tags follow. */
const ATTACK_VERSION = '17.1'

/** Detection Finding. */
const CATEGORY = { category_name: 'Findings', category_uid: 2 }
const CLASS = { class_name: 'Detection Finding', class_uid: 2004 }
const CREATE = { activity_name: 'Create', activity_id: 1, type_uid: 200401 }

const severities: Readonly<Record<Priority, readonly [id: number, name: string]>> = {
  Emergency: [6, 'Fatal'],
  Alert: [5, 'Critical'],
  Critical: [5, 'Critical'],
  Error: [4, 'High'],
  Warning: [3, 'Medium'],
  Notice: [2, 'Low'],
  Informational: [1, 'Informational'],
  Debug: [1, 'Informational'],
}

/** OCSF Detection Findings (class 2004), one per line. */
export function ocsfReporter({ version, rules }: ReporterOptions): Reporter {
  const descriptions = new Map(rules.map((rule) => [`${rule.engine} ${rule.id}`, rule.description]))
  return {
    finding(finding) {
      const description = descriptions.get(`${finding.engine} ${finding.rule}`)
      return `${JSON.stringify(detection(finding, description, version))}\n`
    },
    end: (_summary, error) => errorLine(error),
  }
}

function detection(finding: Finding, description: string | undefined, version: string): object {
  const { rule, engine, title, priority, message, tags, fingerprint, file, line } = finding
  const [severity_id, severity] = severities[priority]
  const time = Math.floor((parseTimestamp(finding.time ?? '') ?? 0) / 1000)
  return {
    ...CATEGORY,
    ...CLASS,
    ...CREATE,
    time,
    severity_id,
    severity,
    status_id: 1,
    status: 'New',
    message,
    metadata: {
      version: SCHEMA_VERSION,
      product: { name: 'Parapet', vendor_name: 'Parapet', version },
      log_name: 'Kubernetes audit log',
      original_time: finding.time ?? undefined,
      labels: tags,
    },
    finding_info: {
      uid: fingerprint,
      title,
      desc: description,
      created_time: time,
      analytic: { uid: rule, name: title, type: 'Rule', type_id: 1, category: engine },
      attacks: attacks(tags),
    },
    evidences: [evidence(finding)],
    resources: resources(finding),
    unmapped: { file, line },
  }
}

/** ATT&CK objects: each technique with the tactics, or the tactics alone where no technique is named. */
function attacks(tags: readonly string[]): object[] | undefined {
  const tactics = tacticsOf(tags)
  const techniques = techniquesOf(tags)
  if (techniques.length > 0) {
    return techniques.map((uid) => ({ version: ATTACK_VERSION, technique: { uid }, tactics }))
  }
  return tactics.length > 0 ? [{ version: ATTACK_VERSION, tactics }] : undefined
}

function evidence({ user, verb, auditID, response, sourceIPs, userAgent }: Finding): object {
  return {
    actor: {
      user: { name: user.name ?? undefined, groups: user.groups.map((name) => ({ name })) },
    },
    api: {
      operation: verb ?? 'unknown',
      request: { uid: auditID ?? '' },
      response: response.code === null ? undefined : { code: response.code },
    },
    src_endpoint: sourceIPs.length > 0 ? { ip: sourceIPs[0] } : undefined,
    http_request: userAgent === null ? undefined : { user_agent: userAgent },
    data: user.impersonated === null ? undefined : { impersonated_user: user.impersonated },
  }
}

function resources({ resource }: Finding): object[] | undefined {
  if (!resource) return undefined
  const { group, resource: type, subresource, namespace, name } = resource
  const full = subresource === null ? type : `${type}/${subresource}`
  return [
    {
      name: name ?? undefined,
      namespace: namespace ?? undefined,
      type: full ?? undefined,
      group: group === null ? undefined : { name: group },
    },
  ]
}
