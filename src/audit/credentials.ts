/**
 * What a credential looks like: names that announce one, and texts that are one by their shape.
 * Shared by everything that must not print what it watches.
 */

export const REDACTED = '[redacted]'

/** Key, parameter and variable names whose value is taken for a credential. */
const CREDENTIAL_NAME =
  /pass(?:word|wd|phrase)?$|^pwd$|secret|token|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|auth(?:orization)?$|bearer|cookie|connection[-_.]?string|dsn$|^\.dockerc/i

/** True for `AWS_SECRET_ACCESS_KEY`, `db.password`, `.dockerconfigjson`. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL_NAME.test(name)
}

/** A shape, and what stands for it in the output. `$1` keeps what announces the credential. */
interface Shape {
  readonly kind: string
  readonly pattern: RegExp
  readonly replacement: string
}

const shapes: readonly Shape[] = [
  {
    kind: 'private key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    replacement: REDACTED,
  },
  {
    kind: 'JSON web token',
    pattern: /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g,
    replacement: REDACTED,
  },
  {
    kind: 'authorization header',
    pattern: /\b(bearer|basic)(\s+|%20|\+)[\w~+/.=-]{6,}/gi,
    replacement: `$1$2${REDACTED}`,
  },
  {
    kind: 'URL password',
    pattern: /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
    replacement: `$1${REDACTED}`,
  },
  {
    kind: 'provider key',
    pattern:
      /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{30,}|\bxox[abprs]-[\w-]{10,}|\bsk_live_\w{8,}/g,
    replacement: REDACTED,
  },
  {
    kind: 'bootstrap token',
    pattern: /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g,
    replacement: REDACTED,
  },
  {
    kind: 'credential assignment',
    pattern:
      /([\w.-]*(?:password|passwd|passphrase|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key)[\w.-]*["']?\s*(?:=|:\s|%3[Dd]|:(?=["'])))(\s*)("[^"]*"|'[^']*'|[^\s&,;"']+)/gi,
    replacement: `$1$2${REDACTED}`,
  },
  {
    kind: 'credential flag',
    pattern:
      /(--?[\w-]*(?:password|passwd|passphrase|secret|token|api-?key)[\w-]*(?:\s+|&command=))([^\s&]+)/gi,
    replacement: `$1${REDACTED}`,
  },
]

/**
 * Each shape has one of these in it, in lower or upper case. Nearly no text has, and looking for all
 * shapes takes twenty times as long as looking for this.
 */
const HINT =
  /-----begin|eyj|bearer|basic|:\/\/|akia|asia|gh[pousr]_|xox|sk_live|\.[a-z0-9]{16}|pass|secret|token|credential|key/i

/** Replaces everything in `text` that is a credential by its shape. */
export function redactShapes(text: string): string {
  if (!HINT.test(text)) return text
  let result = text
  for (const { pattern, replacement } of shapes) result = result.replace(pattern, replacement)
  return result
}
