/** MITRE ATT&CK as it stands in tags: `mitre_execution` for the tactic, `T1609` for the technique. */

const tactics: Readonly<Record<string, readonly [uid: string, name: string]>> = {
  mitre_reconnaissance: ['TA0043', 'Reconnaissance'],
  mitre_resource_development: ['TA0042', 'Resource Development'],
  mitre_initial_access: ['TA0001', 'Initial Access'],
  mitre_execution: ['TA0002', 'Execution'],
  mitre_persistence: ['TA0003', 'Persistence'],
  mitre_privilege_escalation: ['TA0004', 'Privilege Escalation'],
  mitre_defense_evasion: ['TA0005', 'Defense Evasion'],
  mitre_credential_access: ['TA0006', 'Credential Access'],
  mitre_discovery: ['TA0007', 'Discovery'],
  mitre_lateral_movement: ['TA0008', 'Lateral Movement'],
  mitre_collection: ['TA0009', 'Collection'],
  mitre_command_and_control: ['TA0011', 'Command and Control'],
  mitre_exfiltration: ['TA0010', 'Exfiltration'],
  mitre_impact: ['TA0040', 'Impact'],
}

export interface Tactic {
  readonly uid: string
  readonly name: string
}

/** Tactics among the tags, in their order. */
export function tacticsOf(tags: readonly string[]): Tactic[] {
  return tags.flatMap((tag) => {
    const known = tactics[tag.toLowerCase()]
    return known ? [{ uid: known[0], name: known[1] }] : []
  })
}

/** Technique ids among the tags: `T1609`, `T1552.007`. */
export function techniquesOf(tags: readonly string[]): string[] {
  return tags.filter((tag) => /^T\d{4}(?:\.\d{3})?$/.test(tag))
}
