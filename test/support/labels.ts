import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'
import { root } from './cli.ts'

/** The scenario that each request of the recording acted out, by auditID; `benign` or absent is none. */
const labels = JSON.parse(
  readFileSync(path.join(root, 'test/recordings/labels.json'), 'utf8'),
) as Readonly<Record<string, string>>

/** The scenario of an attack, undefined for everything else. */
export function attackOf(auditID: string): string | undefined {
  const label = labels[auditID]
  return label === 'benign' ? undefined : label
}

/** The auditIDs of each scenario in the recording. */
export function attacks(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [auditID, label] of Object.entries(labels)) {
    if (label !== 'benign') found.set(label, [...(found.get(label) ?? []), auditID])
  }
  return found
}

/** Which guardrails count as finding each scenario: `test/pack/scenarios.yaml`. */
export function scenarios(): Readonly<Record<string, readonly string[]>> {
  const file = 'test/pack/scenarios.yaml'
  const { documents } = parseYaml({ file, text: readFileSync(path.join(root, file), 'utf8') })
  return yamlValue(documents[0]!) as Record<string, string[]>
}
