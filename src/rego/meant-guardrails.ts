/** A reference to guardrails by their plain names. */
const REFERENCE = /\bdata\.guardrails((?:\.\w+)*)/g

/** All of data, under a name of its own or with names that are not written plainly. */
const WHOLE_DATA = /\bdata(?:\[|\s+as\b)/

/**
 * Whether a module may mean guardrails other than those of some packages: `guardrails.rbac.mine`. By
 * its text, so a comment counts too; what is not certain is yes.
 */
export function mayMeanOthers(text: string, packages: readonly string[]): boolean {
  if (WHOLE_DATA.test(text)) return true
  const named = [...text.matchAll(REFERENCE)].map(([, names]) => `guardrails${names}.`)
  return !named.every((name) => packages.some((own) => name.startsWith(`${own}.`)))
}
