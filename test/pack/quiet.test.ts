import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import { Policy } from '../../src/rego/policy.ts'
import { atLeast, parsePriority } from '../../src/text/priority.ts'
import path from 'node:path'
import { existsSync } from 'node:fs'
import { recording } from '../support/cli.ts'
import { corpus, corpusMissing, logLines } from '../support/logs.ts'
import { compilePack, type Pack } from '../support/pack.ts'

interface Violation {
  readonly id: string
  readonly priority: string
  readonly message: string
}

let pack: Pack
let policy: Policy

beforeAll(async () => {
  pack = await compilePack()
  policy = await Policy.load(pack.compiled.wasm, { data: pack.data })
})
afterAll(() => pack.toolchain.close())

/** What the whole pack says of one event, before any redaction. */
function violations(line: Uint8Array): Violation[] {
  const event = admit(line, 0, line.length, () => {})
  const union = policy.entrypoint('guardrails/violations')
  return event ? ((policy.decide(union, event) ?? []) as Violation[]) : []
}

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
const recorded = logLines(recording).map(
  (line) => JSON.parse(Buffer.from(line).toString()) as Record<string, unknown>,
)

test('nothing is judged before the API server has answered', () => {
  const received = recorded.map((event) => bytes({ ...event, stage: 'RequestReceived' }))
  expect(received.flatMap(violations)).toEqual([])
})

describe('no message holds a secret, even before redaction', () => {
  test('none of the values of the recording', () => {
    const secrets = new Set(recorded.flatMap(secretValues))
    const said = recorded.flatMap((event) => violations(bytes(event))).map((v) => v.message)
    expect(secrets.size).toBeGreaterThan(5)
    expect(said.length).toBeGreaterThan(50)
    for (const secret of secrets)
      expect(said.filter((message) => message.includes(secret))).toEqual([])
  })
})

/** Values of Secrets as they are and decoded, of tokens, and of config maps that hold credentials. */
function secretValues(event: Record<string, unknown>): string[] {
  const found: string[] = []
  const visit = (value: unknown, name: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, key)
    } else if (typeof value === 'string' && value.length >= 4 && name !== 'name') {
      found.push(value)
      const decoded = Buffer.from(value, 'base64')
      if (decoded.toString('base64') === value) found.push(decoded.toString())
    }
  }
  const objects = [event['requestObject'], event['responseObject']] as Record<string, unknown>[]
  for (const object of objects) {
    const items = (object?.['items'] ?? [object]) as Record<string, unknown>[]
    for (const item of items) {
      const kind = String(item?.['kind'] ?? object?.['kind'] ?? '')
      if (kind.startsWith('Secret')) visit([item['data'], item['stringData']], '')
      if (kind === 'TokenRequest') visit((item['status'] as Record<string, unknown>)['token'], '')
      if (/credential|secret|password/i.test(JSON.stringify(item?.['data'] ?? '')))
        visit(item['data'], '')
    }
  }
  return found
}

const minikube = path.join(corpus, 'benign-minikube.jsonl')
if (!existsSync(minikube)) process.stdout.write(`skipped: ${corpusMissing()}\n`)

test.skipIf(!existsSync(minikube))(
  'a quiet real cluster raises nothing of Warning or above',
  () => {
    const said = logLines(minikube).flatMap(violations)
    expect(said.filter(({ priority }) => atLeast(parsePriority(priority)!, 'Warning'))).toEqual([])
  },
)
