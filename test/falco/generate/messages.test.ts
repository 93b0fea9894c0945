import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCaseFiles } from '../../../src/io/testing/case-files.ts'
import { readyCases } from '../../../src/io/testing/ready-cases.ts'
import type { RulesSubject } from '../../../src/testing/engine.ts'
import { messagesOf } from '../../../src/toolchain/residuals.ts'
import { recording, root } from '../../support/cli.ts'
import { auditEvents } from '../../support/logs.ts'
import { compilePack, type Pack } from '../../support/pack.ts'
import { hasToolchain } from '../../toolchain/support.ts'
import { compared, isUsual, type Pair, Sentences } from './sentences.ts'

/**
 * Guardrails whose rule mostly says something else than they do, and why: an output has no conditions,
 * and of the elements that a condition finds Falco knows no more than their array.
 */
const DIFFERENT: Readonly<Record<string, string>> = {
  'added-capability': 'names capabilities of containers',
  'cluster-admin-granted': 'has three sentences, and describes subjects',
  'default-account-bound': 'describes subjects',
  'escalation-allowed': 'names containers',
  'escalation-verbs': 'names the dangerous ones of the verbs',
  'events-deleted': 'has words for one object and for all, in the same place',
  'everyone-bound': 'names the group and the role, which stand elsewhere in a patch',
  'external-ip': 'writes a list of addresses, which stands elsewhere in a JSON patch',
  'host-namespace': 'names what is shared',
  'invalid-credentials': 'writes a list of addresses with "via" between',
  'node-proxy': 'has the path without its query',
  'permission-enumeration': 'has three sentences',
  'pod-exec': 'has words for two subresources',
  'pod-portforward': 'has words for two subresources',
  'pod-security-weakened': 'names the modes',
  'privileged-container': 'has two sentences, and names containers',
  'role-aggregated': 'names the role that a label is about',
  'sensitive-role': 'names what is allowed',
  'service-exposed': 'has words for two types',
  'system-workload-changed': 'has two words for what was done',
  'token-long-lived': 'counts days',
  'wildcard-role': 'names what is covered',
}

/** Of cases only their events are wanted. */
const subjectOf = (): RulesSubject => ({ kind: 'rules', rules: new Set() })

const wordsOf = (text: string): readonly string[] => text.match(/[\w’'-]+/g) ?? []

describe.skipIf(!hasToolchain)('what guardrails and their rules say', () => {
  let pack: Pack
  let sentences: Sentences
  beforeAll(async () => {
    pack = await compilePack()
    sentences = await Sentences.open(pack)
  })
  afterAll(() => pack?.toolchain.close())

  test('each output has the words of its guardrail’s messages', async () => {
    const { guardrails, policy } = pack.compiled
    const messages = await messagesOf(pack.toolchain, policy, guardrails)
    let checked = 0
    for (const [i, { id }] of guardrails.entries()) {
      const template = sentences.templates.get(id)
      if (template === undefined) continue
      const parts = messages[i]!.flatMap((saying) => saying.parts)
      const own = parts.flatMap((part) => (part.kind === 'text' ? wordsOf(part.text) : []))
      const said = wordsOf(template)
      expect([id, ...own.filter((word) => !said.includes(word))]).toEqual([id])
      checked += own.length
    }
    expect(checked).toBeGreaterThan(150)
  })

  test('most of them say the same of the same event', async () => {
    const files = await readCaseFiles(path.join(root, 'rego'), 'rego')
    const subjects = files.map((file) => ({ file, id: file.path, subjectOf }))
    const ready = await readyCases(subjects, root, () => true)
    const events = [...ready.flatMap((one) => one.events), ...auditEvents(recording)]
    const byGuardrail = new Map<string, Pair[]>()
    for (const pair of events.flatMap((event) => sentences.of(event)).filter(isUsual))
      byGuardrail.set(pair.id, [...(byGuardrail.get(pair.id) ?? []), pair])
    const different = [...byGuardrail].flatMap(([id, own]) => {
      const others = own.filter((pair) => compared(pair) === 'other')
      return others.length * 2 > own.length ? [id] : []
    })
    expect(byGuardrail.size).toBeGreaterThan(40)
    expect(different.sort()).toEqual(Object.keys(DIFFERENT))
  })
})
