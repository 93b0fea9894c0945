import * as fc from 'fast-check'

export const bytesOf = (text: string): Buffer => Buffer.from(text)

/** JSON values that look like what Kubernetes writes: nested objects, odd names, odd texts. */
const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('kind', 'items', 'metadata', 'f:status', 'k:{"type":"Ready"}', 'a\\b', 'é', '😀'),
)

const number: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    number,
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

/** An audit event with any members besides. */
export const event: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(
    fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true }),
    fc.record({
      kind: fc.constant('Event'),
      apiVersion: fc.constantFrom('audit.k8s.io/v1', 'audit.k8s.io/v1beta1'),
      auditID: fc.uuid(),
      stage: fc.constantFrom('RequestReceived', 'ResponseComplete'),
      verb: fc.constantFrom('get', 'create', 'patch'),
    }),
  )
  .map(([others, members]) => ({ ...members, ...others, kind: 'Event' }))

/** Spelt as Go, JavaScript or Python would, or by hand. */
export const spelt: fc.Arbitrary<string> = fc
  .tuple(event, fc.constantFrom(undefined, 1, '\t'), fc.boolean())
  .map(([members, indent, html]) => {
    const plain = JSON.stringify(members, null, indent)
    return html ? plain.replaceAll(/[&<>]/g, escape) : plain
  })

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Things to put into a text to break it, or to make it unusual. */
const shard: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 3 }),
  fc
    .constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u',
      '\\ud800',
      '\\udc00',
      '\\ud83d\\ude00',
      '\\/',
      '\\u0061',
      'a',
      '0',
      '-',
      '1e',
      '1e999',
      '1e99999',
      '-0',
      '01',
      '.',
      'true',
      'nul',
      'null',
      ' ',
      '\n',
      '\t',
      '\u0000',
      '\u007f',
      'é',
      '\ufeff',
      '"a":1,',
      '"a":2,',
      '{"a":{}}',
    )
    .map(bytesOf),
  fc
    .constantFrom(
      [0xff],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x9f, 0x98],
      [0xe2, 0x82],
      [0xf4, 0x90, 0x80, 0x80],
    )
    .map((bytes) => Uint8Array.from(bytes)),
)

/** An event's bytes with a few of them replaced, removed or added. */
export const mutated: fc.Arbitrary<Buffer> = fc
  .tuple(
    spelt,
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), shard, fc.nat(3)), {
      maxLength: 3,
    }),
  )
  .map(([original, changes]) => {
    let bytes = bytesOf(original)
    for (const [where, added, removed] of changes) {
      const at = Math.floor(where * bytes.length)
      bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])
    }
    return bytes
  })
