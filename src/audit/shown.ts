/** Longest name that is shown whole, in characters. */
const LENGTH_MAX = 128

/** A name out of an event, made fit for a sentence: on one line, without control characters, not endless. */
export function shown(name: string): string {
  const clean = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd')
  return clean.length > LENGTH_MAX ? `${clean.slice(0, LENGTH_MAX - 1)}…` : clean
}
