import { RegoObject, objectOf } from '../value.ts'
import type { Entry, Value } from '../value.ts'
import { decodeUtf8, encodeUtf8 } from './go/utf8.ts'
import { BuiltinError, collectionOperand, objectOperand, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { jsonKey } from './marshal.ts'

export const encoding: Builtins = {
  'base64url.encode_no_pad': (operands) =>
    Buffer.from(stringOperand(operands, 0)).toString('base64url'),
  'hex.encode': (operands) => Buffer.from(stringOperand(operands, 0)).toString('hex'),
  'hex.decode': (operands) => hexDecode(stringOperand(operands, 0)),
  'urlquery.encode': (operands) => escapeQuery(stringOperand(operands, 0)),
  'urlquery.decode': (operands) => unescapeQuery(stringOperand(operands, 0)),
  'urlquery.encode_object': (operands) => encodeQuery(objectOperand(operands, 0)),
  'urlquery.decode_object': (operands) => decodeQuery(stringOperand(operands, 0)),
}

function hexDecode(text: string): string {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new BuiltinError('not a text of hexadecimal pairs')
  }
  return decodeUtf8(Buffer.from(text, 'hex'))
}

/** Go's url.QueryEscape: everything but letters, digits and `-_.~` is escaped, a space as `+`. */
function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

function unescapeQuery(text: string): string {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) throw new BuiltinError('invalid URL escape')
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  const bytes: number[] = []
  const source = encodeUtf8(spaced)
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== 0x25) bytes.push(source[i]!)
    else {
      bytes.push(Number.parseInt(String.fromCharCode(source[i + 1]!, source[i + 2]!), 16))
      i += 2
    }
  }
  return decodeUtf8(Uint8Array.from(bytes))
}

/** Go's url.Values.Encode: keys sorted, values in their order. */
function encodeQuery(object: RegoObject): string {
  const pairs = object.entries.map(([key, value]) => [jsonKey(key), valuesOf(value)] as const)
  return pairs
    .toSorted((a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])))
    .flatMap(([key, values]) => values.map((value) => `${escapeQuery(key)}=${escapeQuery(value)}`))
    .join('&')
}

function valuesOf(value: Value): readonly string[] {
  if (typeof value === 'string') return [value]
  const values = collectionOperand([value], 0)
  if (!values.every((item) => typeof item === 'string')) {
    throw new BuiltinError('values must be string, array[string], or set[string]')
  }
  return values as readonly string[]
}

/** Go's url.ParseQuery, which is strict: one bad pair spoils the whole. */
function decodeQuery(query: string): RegoObject {
  const values = new Map<string, string[]>()
  for (const pair of query.split('&')) {
    if (pair.includes(';')) throw new BuiltinError('invalid semicolon separator in query')
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const key = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals))
    const value = unescapeQuery(equals < 0 ? '' : pair.slice(equals + 1))
    const known = values.get(key)
    if (known) known.push(value)
    else values.set(key, [value])
  }
  return objectOf([...values] satisfies readonly Entry[])
}
