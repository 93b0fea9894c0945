/** What a file in a policy's folder is, by its name, as OPA's bundle loader and editors see it. */

export type PolicyFileKind = 'module' | 'document' | 'schema' | 'manifest' | 'leftover' | 'other'

/** `pod_exec.cases.yaml` is about what stands beside it under the name `pod_exec`. */
export const CASES_SUFFIX = '.cases.yaml'

/** Folders that hold no policy and are passed over without a word. */
const QUIET_FOLDERS = new Set(['.git', '.github', '.gitlab', '.hg', '.idea', '.svn', '.vscode'])

/**
 * The kind of a file by its path inside the folder. Leftovers are what editors and macOS leave
 * beside a file that would be loaded; only those are worth a word, not every stray file.
 */
export function policyFileKind(path: string): PolicyFileKind {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (isLeftover(name)) return /rego|json|ya?ml/.test(name) ? 'leftover' : 'other'
  if (name.endsWith('.rego')) return 'module'
  if (/^schemas\/.+\.json$/.test(path)) return 'schema'
  if (name === 'data.json' || name === 'data.yaml' || name === 'data.yml') return 'document'
  return path === '.manifest' ? 'manifest' : 'other'
}

/** `schemas/k8s/pod.json` is `schema.k8s.pod` in METADATA. */
export function schemaName(path: string): string {
  return path
    .replace(/^schemas\//, '')
    .replace(/\.json$/, '')
    .replaceAll('/', '.')
}

/** Whether a folder is read, left out and named, or left out as something that is never policy. */
export function policyFolderKind(name: string): 'read' | 'named' | 'quiet' {
  // Kubernetes mounts a ConfigMap as links into folders named `..data` and `..<date>`.
  if (QUIET_FOLDERS.has(name) || name.startsWith('..')) return 'quiet'
  return name.startsWith('.') || name === 'node_modules' ? 'named' : 'read'
}

function isLeftover(name: string): boolean {
  return (
    /^(\._|\.#|#)/.test(name) ||
    /(~|#|\.(sw[a-p]|bak|orig|rej|tmp))$/.test(name) ||
    (name.startsWith('.') && name.endsWith('.rego'))
  )
}
