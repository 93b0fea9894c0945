import { objectOf, textOf } from '../text/json.ts'
import type { Bundle } from './bundle.ts'

/** A guardrail as a bundle's manifest describes it. */
export interface ShippedGuardrail {
  readonly id: string
  /** `guardrails.workloads.pod_exec` */
  readonly package: string
  readonly entrypoint: string
  readonly title: string
  readonly priority: string
  readonly portable: boolean
  /** The whole description, as METADATA says it. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** The guardrails that a bundle says it has; none for a bundle that Parapet did not build. */
export function shippedGuardrails(bundle: Bundle): ShippedGuardrail[] {
  const listed = bundle.manifest.metadata?.['guardrails']
  if (!Array.isArray(listed)) return []
  return listed.map(objectOf).flatMap((metadata) => {
    const [id, name, entrypoint] = ['id', 'package', 'entrypoint'].map((key) =>
      textOf(metadata[key]),
    )
    if (!id || !name || !entrypoint) return []
    const title = textOf(metadata['title']) ?? id
    const priority = textOf(metadata['priority']) ?? ''
    return [
      {
        id,
        package: name,
        entrypoint,
        title,
        priority,
        portable: metadata['portable'] !== false,
        metadata,
      },
    ]
  })
}
