import type { Edits } from './edits.ts'
import { paddedMark } from './kinds.ts'

/**
 * Keys that their issuers made recognisable: a prefix (the group), and what follows it. No word
 * boundary is asked for: the prefixes are distinct enough, and a key may stand inside anything.
 */
const PATTERNS: readonly RegExp[] = [
  /(A(?:KIA|SIA|BIA|CCA))[A-Z0-9]{16}/g, // Amazon
  /(AIza)[\w-]{35}/g, // Google
  /(ya29\.)[\w-]{20,}/g,
  /(GOCSPX-)[\w-]{20,}/g,
  /(gh[pousr]_)\w{30,}/g, // GitHub
  /(github_pat_)\w{22,}/g,
  /(gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-)[\w-]{20,}/g, // GitLab
  /(xox[abeprs]-|xapp-)[\w-]{10,}/g, // Slack
  /(hooks\.slack\.com\/services\/)[\w/]{20,}/g,
  /(discord(?:app)?\.com\/api\/webhooks\/)[\w/-]{20,}/g,
  /((?:sk|rk)_(?:live|test)_|whsec_)\w{8,}/g, // Stripe
  /(sk-(?:proj-|ant-|svcacct-)?)[\w-]{20,}/g, // OpenAI, Anthropic
  /(SG\.)[\w-]{16,}\.[\w-]{16,}/g, // SendGrid
  /(npm_|hf_|dckr_pat_|pypi-|tskey-|lin_api_|glsa_|ATATT3|PMAK-|rubygems_|dop_v1_|doo_v1_|dor_v1_|dapi|shp(?:at|ca|pa|ss)_|nvapi-|pul-|r8_|secret_|sbp_|xai-|gsk_|pcsk_|figd_)[\w-]{30,}/g,
  /(hv[sbr]\.)[\w-]{20,}/g, // HashiCorp
  /(\.atlasv1\.)[\w-]{40,}/g,
  /(sha256~)[\w-]{43}/g, // OpenShift
  /(AGE-SECRET-KEY-1)[A-Z0-9]{50,}/g,
  /(\d{8,10}:AA)[\w-]{32,}/g, // Telegram
]

/** Finds keys of cloud and service providers. */
export function providerKeys(text: string, edits: Edits): void {
  for (const pattern of PATTERNS) {
    for (const { 0: key, 1: prefix = '', index } of text.matchAll(pattern)) {
      edits.add(index, index + key.length, 'provider-key', paddedMark(prefix, key.length))
    }
  }
}
