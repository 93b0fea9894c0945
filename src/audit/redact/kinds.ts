/**
 * What is taken out of texts, by why it is known to be a credential. The first ones are known by
 * where they stand, the rest by their shape, and the last because they repeat one of the first.
 */
export const kinds = {
  secret: 'values of Secrets',
  configmap: 'values of ConfigMaps',
  environment: 'environment variables',
  field: 'fields named like a credential',
  argument: 'command arguments',
  'private-key': 'private keys',
  token: 'JSON web tokens',
  authorization: 'authorization headers',
  'url-password': 'passwords in URLs',
  'provider-key': 'keys of cloud and service providers',
  'bootstrap-token': 'bootstrap tokens',
  assignment: 'assignments such as password=…',
  encoded: 'credentials inside base64',
  repeated: 'repetitions of any of these',
} as const

export type Kind = keyof typeof kinds

/** What stands for a credential in a report. */
export const REPORT_MARK = '[redacted]'

/**
 * What stands for a credential in a redacted log. Letters alone: it needs no escape in a URL, and a
 * pattern that found the credential finds the mark as well.
 */
export const LOG_MARK = 'REDACTED'

/** The same in base64, where base64 is expected. */
export const LOG_MARK_BASE64 = 'UkVEQUNURUQ='

/**
 * The same for a value that a pattern for credentials would have passed over, because it is short
 * or holds what placeholders hold. It looks like a placeholder, so that no such pattern finds it.
 */
const LOG_PLACEHOLDER = `\${${LOG_MARK}}`

/** The mark for a value that stands behind a name, a colon or an equals sign. */
export function markFor(value: string, lengthMin: number): string {
  return value.length < lengthMin || /[\s"'${}<[(%:@/]/.test(value) ? LOG_PLACEHOLDER : LOG_MARK
}

/** True for what stands in for a credential already. */
export function isMark(text: string): boolean {
  return (
    text === LOG_MARK ||
    text === LOG_MARK_BASE64 ||
    text === LOG_PLACEHOLDER ||
    text === REPORT_MARK
  )
}

/** A key of a provider, as long as the one it stands for: the prefix, and the mark over and over. */
export function paddedMark(prefix: string, length: number): string {
  return (prefix + LOG_MARK.repeat(Math.ceil(length / LOG_MARK.length))).slice(0, length)
}
