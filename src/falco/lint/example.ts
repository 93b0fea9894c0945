/** A rule around a condition, for examples. */
export function exampleRule(condition: string, name = 'example', more = ''): string {
  return `- rule: ${name}
  desc: an example
  condition: >
    ${condition}
  output: "%ka.user.name: %ka.verb %ka.target.resource"
  priority: WARNING
  source: k8s_audit
${more}`
}
