import { isIPv4, isIPv6 } from 'node:net'
import { MATCH_KEYS } from './exception.ts'
import { isDateOrTime } from './exceptions.ts'

/** What a key under `data.org` holds: a text, a list of texts, further keys, or the same under any name. */
export type Shape = Text | Texts | KeysShape | { readonly kind: 'named'; readonly each: Shape }
type Keys = Readonly<Record<string, Shape>>

interface KeysShape {
  readonly kind: 'keys'
  readonly keys: Keys
  /** Keys that must be there. */
  readonly required?: readonly string[]
  /** There must be a key, whichever. */
  readonly isFilled?: true
}

interface Text {
  readonly kind: 'text'
  readonly check?: Check
  readonly isNullable?: true
}

interface Texts {
  readonly kind: 'texts'
  readonly check?: Check
}

/** What is wrong with a text, and what it should look like; undefined where it is sound. */
type Check = (text: string) => Flaw | undefined

export interface Flaw {
  /** Goes behind the quoted text: `is no …`. */
  readonly problem: string
  readonly help: string
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

const time: Check = (text) =>
  /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text)
    ? undefined
    : { problem: 'is no time', help: 'a time is HH:MM, `07:00` to `24:00`, in quotes' }

const zone: Check = (text) =>
  /^(?:Z|UTC|[+-](?:0\d|1[0-4]):[0-5]\d)$/.test(text)
    ? undefined
    : {
        problem: 'is no zone',
        help: 'a zone is an offset from UTC, `+01:00` or `Z`; policies know no names of zones',
      }

const day: Check = (text) =>
  DAYS.includes(text)
    ? undefined
    : { problem: 'is no day', help: `days are ${DAYS.join(', ')}, written like this` }

/** Go's `net.ParseCIDR`, which OPA reads networks with, takes no zones and no leading zeros. */
const network: Check = (text) => {
  const [address = '', length, ...rest] = text.split('/')
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : 0
  const example = 'a network is an address and the length of its prefix, `10.0.0.0/8`'
  if (bits > 0 && length === undefined) {
    return { problem: 'is an address, not a network', help: `write \`${text}/${bits}\`` }
  }
  const sound = bits > 0 && rest.length === 0 && /^(?:0|[1-9]\d{0,2})$/.test(length ?? '')
  if (sound && Number(length) <= bits) return undefined
  return { problem: 'is no network', help: example }
}

const until: Check = (text) =>
  isDateOrTime(text)
    ? undefined
    : {
        problem: 'is no date or time',
        help: 'write `2026-12-31`, or in UTC `2026-12-31T08:00:00Z`; the exception ends when it begins',
      }

const pattern: Check = (text) => {
  if (text === '*') {
    const help = 'leave the key out where anything will do, or write null where there must be none'
    return { problem: 'says nothing', help }
  }
  if (!text.startsWith('*')) return undefined
  const help = 'only a `*` at the end stands for anything; write a whole text, or its beginning'
  return { problem: 'begins with a `*`, which stands for nothing', help }
}

const filled: Check = (text) =>
  text.trim() === '' ? { problem: 'is empty', help: 'say it in a few words' } : undefined

/** Findings that are accepted for a while, by the exception's name (exceptions.ts). */
const exceptions: Shape = {
  kind: 'named',
  each: {
    kind: 'keys',
    keys: {
      guardrail: { kind: 'text', check: filled },
      until: { kind: 'text', check: until },
      reason: { kind: 'text', check: filled },
      match: {
        kind: 'keys',
        keys: Object.fromEntries(
          MATCH_KEYS.map((key) => [key, { kind: 'text', check: pattern, isNullable: true }]),
        ),
        isFilled: true,
      },
    },
    required: ['guardrail', 'until', 'reason', 'match'],
  },
}

/** The organisation's own lists, the only data that the built-in guardrails and their union read. */
export const orgShape: Shape = {
  kind: 'keys',
  keys: {
    registries: { kind: 'texts' },
    networks: { kind: 'texts', check: network },
    hours: {
      kind: 'keys',
      keys: {
        zone: { kind: 'text', check: zone },
        days: { kind: 'texts', check: day },
        from: { kind: 'text', check: time },
        to: { kind: 'text', check: time },
      },
    },
    users: { kind: 'keys', keys: { known: { kind: 'texts' }, break_glass: { kind: 'texts' } } },
    system_namespaces: { kind: 'texts' },
    exceptions,
  },
}
