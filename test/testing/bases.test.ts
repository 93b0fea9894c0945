import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import { bases } from '../../src/testing/bases.ts'
import { cli, root } from '../support/cli.ts'

const schema = JSON.parse(
  readFileSync(path.join(root, 'rego/schemas/audit_event.json'), 'utf8'),
) as object
const isEvent = new Ajv({ allErrors: true }).compile(schema)

interface Event {
  readonly requestURI: string
  readonly verb: string
  readonly level: string
  readonly user: { readonly username?: string }
  readonly requestObject?: {
    readonly apiVersion?: string
    readonly metadata?: { readonly name?: string }
  }
  readonly objectRef?: {
    readonly resource: string
    readonly subresource?: string
    readonly namespace?: string
    readonly name?: string
    readonly apiGroup?: string
  }
}

describe.each([...bases])('the base %s', (_name, { event, description }) => {
  const { requestURI, verb, level, objectRef: ref, requestObject: body } = event as unknown as Event

  test('is an event of audit.k8s.io/v1', () => {
    expect(isEvent(event), JSON.stringify(isEvent.errors)).toBe(true)
    const problems: unknown[] = []
    const bytes = Buffer.from(JSON.stringify(event))
    admit(bytes, 0, bytes.length, (problem) => problems.push(problem))
    expect(problems).toEqual([])
    expect(description).toMatch(/^[A-Z].*[^.]$/)
  })

  test('says the same in its path, its reference and its body', () => {
    if (!ref) return
    const [place] = requestURI.split('?')
    expect(place).toMatch(ref.apiGroup ? new RegExp(`^/apis/${ref.apiGroup}/v1/`) : /^\/api\/v1\//)
    expect(place!.split('/')).toEqual(
      expect.arrayContaining([ref.resource, ...(ref.subresource ? [ref.subresource] : [])]),
    )
    if (ref.namespace && ref.resource !== 'namespaces') {
      expect(place).toContain(`/namespaces/${ref.namespace}/`)
    }
    const isNamed = ref.name !== undefined && !(verb === 'create' && !ref.subresource)
    expect(place!.endsWith(`/${[ref.name, ref.subresource].filter(Boolean).join('/')}`)).toBe(
      isNamed,
    )
    expect(level).toBe(body === undefined ? 'Metadata' : 'Request')
    if (verb === 'create' && ref.name && !ref.subresource)
      expect(body?.metadata?.name).toBe(ref.name)
  })
})

test('`parapet test bases` lists them, and prints one', async () => {
  const list = await cli(['test', 'bases'])
  expect(list.code).toBe(0)
  expect(
    list.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual([...bases.keys()])
  const one = await cli(['test', 'bases', 'pod-exec'])
  expect(JSON.parse(one.stdout)).toEqual(bases.get('pod-exec')!.event)
  const none = await cli(['test', 'bases', 'pod-exce'])
  expect(none).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean `pod-exec`?'),
  })
})
