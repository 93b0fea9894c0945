/** Texts that need no quotes and that no reader of YAML takes for anything but text. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w./@:-]*\w$/i

/** A value as one YAML scalar on one line, read alike by every reader of YAML. */
export function yamlScalar(value: string | number | null): string {
  if (typeof value !== 'string' || PLAIN.test(value)) return String(value)
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
