import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { logLines } from '../../support/logs.ts'
import { recording } from '../../support/cli.ts'

/** A secret as it is put into a text, and what must be nowhere afterwards. */
export interface Secret {
  readonly kind: string
  readonly text: string
  readonly core: string
  /** It is found inside a longer word too. */
  readonly glued?: true
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Letters and digits that look random, and are the same for the same number. */
function random(seed: number, length: number): string {
  const digest = createHash('sha512').update(`planted ${seed}`).digest('base64')
  return digest.replaceAll(/[+/=]/g, '').slice(0, length)
}

/** Credentials of every shape, none of them real. The number makes them different. */
const makers: Readonly<Record<string, (seed: number) => Omit<Secret, 'kind'>>> = {
  jwt: (seed) => {
    const [head, body] = [{ alg: 'RS256', kid: String(seed) }, { sub: random(seed, 12) }].map(
      (part) => Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    const text = `${head}.${body}.${random(seed, 43)}`
    return { text, core: text, glued: true }
  },
  bearer: (seed) => ({ text: `Bearer ${random(seed, 32)}`, core: random(seed, 32) }),
  basic: (seed) => {
    const core = base64(`bob:${random(seed, 20)}`)
    return { text: `Basic ${core}`, core }
  },
  url: (seed) => ({
    text: `postgres://app:${random(seed, 20)}@db/shop`,
    core: random(seed, 20),
    glued: true,
  }),
  pem: (seed) => ({
    text: `-----BEGIN PRIVATE KEY-----\n${random(seed, 64)}\n-----END PRIVATE KEY-----`,
    core: random(seed, 64),
    glued: true,
  }),
  amazon: (seed) => {
    const core = `AKIA${random(seed, 80).toUpperCase().slice(0, 16)}`
    return { text: core, core, glued: true }
  },
  github: (seed) => ({ text: `ghp_${random(seed, 36)}`, core: random(seed, 36), glued: true }),
  gitlab: (seed) => ({ text: `glpat-${random(seed, 20)}`, core: random(seed, 20), glued: true }),
  slack: (seed) => ({ text: `xoxb-${random(seed, 24)}`, core: random(seed, 24), glued: true }),
  stripe: (seed) => ({ text: `sk_live_${random(seed, 24)}`, core: random(seed, 24), glued: true }),
  assigned: (seed) => ({ text: `DB_PASSWORD=${random(seed, 16)}`, core: random(seed, 16) }),
  quoted: (seed) => ({ text: `{"token": "${random(seed, 16)}"}`, core: random(seed, 16) }),
  option: (seed) => ({ text: `run --password ${random(seed, 16)}`, core: random(seed, 16) }),
  mysql: (seed) => ({ text: `mysql -p${random(seed, 16)}`, core: random(seed, 16) }),
  encoded: (seed) => {
    const core = base64(`export GH=ghp_${random(seed, 36)}`)
    return { text: core, core }
  },
  twice: (seed) => {
    const core = base64(base64(`-----BEGIN PRIVATE KEY-----\n${random(seed, 30)}`))
    return { text: core, core }
  },
  wrapped: (seed) => {
    const core = base64(`password=${random(seed, 60)}`)
    return { text: core.replaceAll(/.{20}/g, '$&\n'), core: core.slice(0, 20) }
  },
}

const secret: fc.Arbitrary<Secret> = fc
  .tuple(fc.constantFrom(...Object.keys(makers)), fc.nat(1_000_000))
  .map(([kind, seed]) => ({ kind, ...makers[kind]!(seed) }))

/** A value of a Secret that somebody repeats elsewhere, in one of the forms that it can take. */
const repeated: fc.Arbitrary<{ value: string; stored: string; text: string; core: string }> = fc
  .tuple(fc.nat(1_000_000), fc.nat(5))
  .map(([seed, form]) => {
    const value = `${random(seed, 20)}7x"9Q`
    const texts = [
      value,
      base64(value),
      base64(value).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
      encodeURIComponent(value),
      JSON.stringify(value),
      base64(base64(value)),
    ]
    const stored = form === 5 ? base64(base64(value)) : base64(value)
    return { value, stored, text: texts[form]!, core: texts[form]!.slice(0, 20) }
  })

type Json = Record<string, unknown>
const events = logLines(recording).map((line) => JSON.parse(Buffer.from(line).toString()) as Json)

/** Those that findings are likely about: of people and accounts. */
const lively = events.filter((event) => {
  const user = (event['user'] as Json)['username']
  return user === undefined || !/^system:(?:api|kube-)/.test(String(user))
})

type Path = readonly (string | number)[]

/** Every string of an event and every name of a member. */
function positions(value: unknown, path: Path = []): { path: Path; name: boolean }[] {
  if (typeof value === 'string') return [{ path, name: false }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const step = Array.isArray(value) ? Number(key) : key
    const inside = positions(item, [...path, step])
    return Array.isArray(value) ? inside : [{ path: [...path, step], name: true }, ...inside]
  })
}

function place(event: Json, { path, name }: { path: Path; name: boolean }, text: string): void {
  let container: unknown = event
  for (const step of path.slice(0, -1)) container = (container as Json)[step]
  const last = path.at(-1)!
  const object = container as Json
  if (!name) object[last] = text
  else {
    object[text] = object[last]
    delete object[last]
  }
}

/** How a secret is put into what is there already. */
function combined(before: string, planted: string, how: number, glued: boolean): string {
  const middle = Math.floor(before.length / 2)
  if (how === 0) return planted
  if (how === 1) return `${before} ${planted}`
  if (how === 2) return `${planted} ${before}`
  const gap = glued ? '' : ' '
  return before.slice(0, middle) + gap + planted + gap + before.slice(middle)
}

function textAt(event: Json, { path, name }: { path: Path; name: boolean }): string {
  if (name) return String(path.at(-1))
  return path.reduce<unknown>((value, step) => (value as Json)[step], event) as string
}

export interface Planted {
  /** The event, as one line. */
  readonly line: string
  /** What must not come out. */
  readonly core: string
  /** For the reader of a failure. */
  readonly note: string
}

/** A recorded event with a credential at any of its strings and names. */
export const plantedShape: fc.Arbitrary<Planted> = fc
  .tuple(fc.nat(), fc.nat(), secret, fc.nat(3), fc.nat(1_000_000_000))
  .map(([index, position, planted, how, id]) => {
    const event = structuredClone(lively[index % lively.length]!)
    event['auditID'] = `planted-${id}`
    const all = positions(event)
    const at = all[position % all.length]!
    place(event, at, combined(textAt(event, at), planted.text, how, planted.glued === true))
    const note = `${planted.kind} at ${at.path.join('.')}${at.name ? ' (name)' : ''}, ${how}`
    return { line: JSON.stringify(event), core: planted.core, note }
  })

/** A recorded event with a Secret in its response whose value is repeated at any string or name. */
export const plantedValue: fc.Arbitrary<Planted> = fc
  .tuple(fc.nat(), fc.nat(), repeated, fc.nat(3), fc.nat(1_000_000_000))
  .map(([index, position, { stored, text, core }, how, id]) => {
    const event = structuredClone(lively[index % lively.length]!)
    event['auditID'] = `planted-${id}`
    const all = positions(event)
    const at = all[position % all.length]!
    place(event, at, combined(textAt(event, at), text, how, true))
    const before = event['responseObject']
    event['responseObject'] = {
      kind: 'List',
      items: [before, { kind: 'Secret', data: { value: stored } }],
    }
    const note = `${text} of ${stored} at ${at.path.join('.')}${at.name ? ' (name)' : ''}, ${how}`
    return { line: JSON.stringify(event), core, note }
  })

/** The first thing that a text still holds, described. */
export function leak(text: string, planted: readonly Planted[]): string | undefined {
  const found = planted.find(({ core }) => text.includes(core))
  return found && `${found.core}: ${found.note}\n${found.line}`
}
