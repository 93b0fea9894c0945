/** Groups of shapes. A text without a hint of a group has no credential of its shapes. */
export const hint = {
  name: 1,
  provider: 2,
  program: 4,
  scheme: 8,
  privateKey: 16,
  webToken: 32,
  url: 64,
} as const

/**
 * Of each word that announces a credential, three or four letters in lower case. Four letters are
 * enough to be rare, and few enough to be looked up in a table.
 */
const PROBES: Readonly<Record<keyof typeof hint, string>> = {
  name: 'pass pwd secr toke cred key auth bear cook conn dsn jwt sig otp sess csrf xsrf dock netr beco htpa id_',
  provider:
    'age- akia asia abia acca aiza ya29 ocsp ghp_ gho_ ghu_ ghs_ ghr_ b_pa glpa gldt glrt lcbt lptt glft limt glag glso gloa xoxa xoxb xoxe xoxp xoxr xoxs xapp lack disc sk_ rk_ whse sk- sg. npm_ hf_ ckr_ pypi tske lin_ glsa att3 pmak ygem p_v1 o_v1 r_v1 dapi pat_ ca_ pa_ ss_ vapi pul- r8_ ret_ sbp_ xai- gsk_ pcsk figd hvs. hvb. hvr. tlas 256~ :aa',
  program: 'mysq mari mong sshp logi edis ldap sqlc bcp isql curl smbc rpcc enss',
  scheme: 'bear basi',
  privateKey: 'priv',
  webToken: 'eyj',
  url: '://',
}

/** Of the last four characters, five bits each, of which the oldest lose one: case makes no difference. */
const HASH_BITS = 0xffff
const probes = new Uint8Array(HASH_BITS + 1)
for (const [group, words] of Object.entries(PROBES)) {
  for (const word of words.split(' ')) addProbe(word, hint[group as keyof typeof hint])
}

function addProbe(word: string, group: number): void {
  if (word.length === 4) probes[hashOf(word)]! |= group
  else
    for (let last = 0; last < 32; last++) probes[hashOf(word + String.fromCharCode(last))]! |= group
}

function hashOf(word: string): number {
  let hash = 0
  for (let at = 0; at < word.length; at++) hash = (hash << 4) ^ (word.charCodeAt(at) & 31)
  return hash & HASH_BITS
}

/** The groups of shapes that a text may have something of, as bits. */
export function hintsOf(text: string): number {
  const length = text.length
  let hash = 0
  let found = 0
  for (let at = 0; at < length; at++) {
    hash = ((hash << 4) ^ (text.charCodeAt(at) & 31)) & HASH_BITS
    found |= probes[hash]!
  }
  // A word of three letters may be the last.
  return found | probes[(hash << 4) & HASH_BITS]!
}
