import { copied } from './memory.ts'

/**
 * Names that announce a credential: of fields, environment variables, parameters, options, and keys
 * of ConfigMaps. A name that goes on (`tokenTTL`, `secretName`, `password.file`) is about a
 * credential and announces none.
 */

/** Words for credentials. Those of the second group count at the end of a name only. */
const WORD =
  /(?:(?:api|access|private|secret|sign|signing|encryption|master|shared|account|auth|ssh|client|storage|license|deploy|webhook|session|jwt|hmac|aes|rsa|pgp|gpg)[-_. ]?key(?:[-_.]?id)?|pass(?:word|wd|phrase|code)|pwd|secret|token|credential|connection[-_.]?string|conn[-_.]?str|(?:session|csrf|xsrf)[-_.]?id|docker(?:cfg|configjson)|kubeconfig|keytab|htpasswd|pgpass|netrc|git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|jwt)s?/gi
const LAST_WORD =
  /(?:(?<!by|com|tres|over|under|sur)pass|creds?|auth|authorization|bearer|cookies?|dsn|sig|signature|otp)$/i

/** Where a name ends in one of these it tells something about a credential. */
const ABOUT =
  /(?:names?|namespaces?|refs?|references?|files?|filename|paths?|dirs?|directory|folder|mount|ttl|expir(?:y|es|ation|ed|ing)\w*|seconds|minutes|hours|days|millis|ms|lifetime|duration|timeout|age|length|size|counts?|limits?|max|min|types?|kinds?|format|modes?|polic(?:y|ies)|issuers?|audiences?|enabled?|disabled?|required|optional|algorithms?|alg|providers?|class|version|urls?|uris?|endpoints?|hosts?|ports?|servers?|methods?|scopes?|headers?|prefix|suffix|rotation|interval|period|schema|template|templates|id|ids|status|state|requests?|reviews?|controller|manager|operator|injector|store|stores|description|title|label|labels|selector|projection|generation|revision|resourceversion|mappings?|property|key)$/i

/** Fields of Kubernetes that name a Secret and hold none. */
const REFERENCES = /^(?:imagePullSecrets?|pullSecrets?|tlsSecret|kind|apiVersion)$/i

/** Most names are short and few; the answers are kept. */
const known = new Map<string, boolean>()
const KNOWN_MAX = 10_000
const KNOWN_LENGTH_MAX = 80

/** True for `AWS_SECRET_ACCESS_KEY`, `db.password`, `.dockerconfigjson`; false for `secretName`. */
export function isCredentialName(name: string): boolean {
  const before = known.get(name)
  if (before !== undefined) return before
  const answer = announces(name)
  if (name.length <= KNOWN_LENGTH_MAX) {
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(copied(name), answer)
  }
  return answer
}

function announces(name: string): boolean {
  if (REFERENCES.test(name)) return false
  if (LAST_WORD.test(name.replace(/[\d_-]+$/, ''))) return true
  let tail: string | undefined
  for (const match of name.matchAll(WORD)) tail = name.slice(match.index + match[0].length)
  if (tail === undefined) return false
  // `tokenizer` is another word; `TOKEN_V2`, `tokenValue` and `TOKENVALUE` go on after the word.
  if (/^[a-z]/.test(tail)) return false
  return !ABOUT.test(tail)
}

/** Keys of ConfigMaps that are credentials as a whole, whatever their value looks like. */
const CREDENTIAL_KEY =
  /(?:passw(?:or)?d|passwd|passphrase|secret|token|credentials?|(?:api|access|private|secret|signing|encryption)[-_.]?key(?:[-_.]?id)?)s?$|^(?:[.]?(?:netrc|pgpass|htpasswd|dockercfg|dockerconfigjson|git-credentials)|id_(?:rsa|dsa|ecdsa|ed25519)|kubeconfig)$/i
/** Keys that promise one somewhere in their value: any name of a credential, with or without a file's ending. */
const FILE_ENDING = /[.](?:ya?ml|json|properties|conf|config|cfg|ini|toml|txt|env|xml|key|pem)$/i

/** How much of a ConfigMap's value is confidential: all of it, what is found in it or else all, only what is found. */
export function keyConfidence(key: string): 'whole' | 'found or whole' | 'found' {
  if (CREDENTIAL_KEY.test(key)) return 'whole'
  const bare = key.replace(FILE_ENDING, '')
  return isCredentialName(bare) || /(?:^|[-_.])keys?$/i.test(key) ? 'found or whole' : 'found'
}
