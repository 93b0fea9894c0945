import type { Finding } from '../engine/finding.ts'
import type { Reporter } from './reporter.ts'

const columns: Readonly<Record<string, (finding: Finding) => unknown>> = {
  time: (finding) => finding.time,
  priority: (finding) => finding.priority,
  rule: (finding) => finding.rule,
  title: (finding) => finding.title,
  message: (finding) => finding.message,
  user: (finding) => finding.user.name,
  impersonated: (finding) => finding.user.impersonated,
  verb: (finding) => finding.verb,
  group: (finding) => finding.resource?.group,
  resource: (finding) => finding.resource?.resource,
  subresource: (finding) => finding.resource?.subresource,
  namespace: (finding) => finding.resource?.namespace,
  name: (finding) => finding.resource?.name,
  source_ips: (finding) => finding.sourceIPs.join(' '),
  user_agent: (finding) => finding.userAgent,
  response_code: (finding) => finding.response.code,
  stage: (finding) => finding.stage,
  audit_id: (finding) => finding.auditID,
  engine: (finding) => finding.engine,
  tags: (finding) => finding.tags.join(' '),
  file: (finding) => finding.file,
  line: (finding) => finding.line,
  fingerprint: (finding) => finding.fingerprint,
}

/**
 * RFC 4180 with a header row. A text of the log that a spreadsheet would take for a formula gets an
 * apostrophe in front.
 */
export function csvReporter(): Reporter {
  let header = row(Object.keys(columns))
  const takeHeader = (): string => {
    const text = header
    header = ''
    return text
  }
  return {
    finding: (finding) => takeHeader() + row(Object.values(columns).map((read) => read(finding))),
    end: () => takeHeader(),
  }
}

function row(values: readonly unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
