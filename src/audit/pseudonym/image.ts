import type { Replacement } from './sentence.ts'

/** Folders of registries that are curated, on which guardrails rely. */
const KEPT = new Set(['library', 'docker', 'eks', 'eks-distro'])

/** Names of the event's objects in the path of an image; its registry stays, and so does its tag. */
export function namesInImage(image: string, known: ReadonlyMap<string, string>): Replacement[] {
  const path = image.indexOf('/') + 1
  const end = /[:@](?=[^/]*$)/.exec(image)?.index ?? image.length
  const found: Replacement[] = []
  for (const { 0: part, index } of image.slice(path, Math.max(path, end)).matchAll(/[^/]+/g)) {
    const text = KEPT.has(part) ? undefined : known.get(part)
    if (text === undefined) continue
    found.push({ start: path + index, end: path + index + part.length, text })
  }
  return found
}
