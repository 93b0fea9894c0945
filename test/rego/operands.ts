import * as fc from 'fast-check'
import { objectOf, numberOf, setOf } from '../../src/rego/value.ts'
import { printTerm } from '../../src/rego/term.ts'
import type { Value } from '../../src/rego/value.ts'
import { collection, integer, mostly, number, text, value, word } from './generators.ts'

type Operands = fc.Arbitrary<Value[]>

function operands(...each: fc.Arbitrary<Value>[]): Operands {
  return fc.tuple(...each.map(mostly))
}

const directive: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', 'x ', 'é%%'),
    fc.constantFrom('', '', '', '+', '-', '#', '0', ' ', '+0', '-0', '#+', ' 0', '# '),
    fc.constantFrom(
      '',
      '',
      '',
      '5',
      '12',
      '*',
      '[1]',
      '[2]*',
      '[0]',
      '[',
      '[x]',
      '[]',
      '1000000000',
    ),
    fc.constantFrom('', '', '', '.', '.0', '.3', '.*', '.[1]*', '.20'),
    fc.constantFrom('', '', '', '[1]', '[2]'),
    fc.constantFrom(...'vvvssddxXoObqcUeEfFgGtTz%!é😀', ''),
  )
  .map((parts) => `${parts[0]}%${parts.slice(1).join('')}`)
const format = fc.array(fc.oneof(directive, text), { maxLength: 4 }).map((parts) => parts.join(''))

const texts = fc.oneof(word, collection(word))
const digits = fc.constantFrom('0', '00', '1', '7', '10', '11', '02', '9223372036854775808')
const identifier = fc.oneof(digits, fc.constantFrom('a', 'b', 'rc-1', '-', '0a', ''))
const version: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', '', '', 'v'),
    fc.oneof(
      fc.constant('1.2'),
      fc.tuple(digits, digits).map((parts) => parts.join('.')),
    ),
    fc.oneof(fc.integer({ min: 0, max: 3 }).map(String), digits),
    fc.oneof(
      fc.constant(''),
      fc.constant(''),
      fc.array(identifier, { maxLength: 3 }).map((ids) => `-${ids.join('.')}`),
    ),
    fc.constantFrom('', '', '', '', '', '+build', '+', '+a.b', '+a..b'),
  )
  .map(([prefix, core, patch, pre, meta]) => `${prefix}${core}.${patch}${pre}${meta}`)

const amount = fc.oneof(
  fc.nat(5000).map(String),
  fc.double({ min: 0, max: 1e6, noNaN: true }).map(String),
  fc.constantFrom(
    '.5',
    '5.',
    '.',
    '1e3',
    '1e-3',
    '2e+2',
    '-3',
    '+4',
    '1.5e',
    '0.1',
    '1e1234567',
    '--1',
    '1-2',
  ),
)
const UNITS = 'm k K Ki KiB kb M mi MB g GiB T tib p Pi e E Ei eb x kk B KI'.split(' ')
const unit = fc.constantFrom(...UNITS, '', '"', ' k', '\u212a')

const hextet = fc.integer({ min: 0, max: 0xffff }).map((group) => group.toString(16))
const ipv4 = fc.oneof(
  fc.tuple(...[1, 2, 3, 4].map(() => fc.nat(260))).map((parts) => parts.join('.')),
  fc.constantFrom('10.0.0.0', '192.168.1.1', '01.2.3.4', '1.2.3', '255.255.255.255'),
)
const ipv6 = fc.oneof(
  fc
    .array(fc.oneof(hextet, fc.constant('0')), { minLength: 8, maxLength: 8 })
    .map((g) => g.join(':')),
  fc
    .tuple(fc.array(hextet, { maxLength: 5 }), fc.array(hextet, { maxLength: 4 }))
    .map(([head, tail]) => `${head.join(':')}::${tail.join(':')}`),
  ipv4.map((address) => `::ffff:${address}`),
  fc.constantFrom('::', '::1', 'fe80::1%eth0', ':1', '1:', '1::2::3', '::1.2.3.4', '1.2.3.4::'),
)
const address = fc.oneof(ipv4, ipv6)
const cidr = (smallest: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(ipv4, fc.integer({ min: smallest, max: 33 })).map((parts) => parts.join('/')),
    fc.tuple(ipv6, fc.integer({ min: 96 + smallest, max: 129 })).map((parts) => parts.join('/')),
    fc
      .constantFrom('10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/08', '/8')
      .filter((s) => smallest === 0 || !s.includes('8')),
  )
const candidate = fc.oneof(cidr(0), cidr(0), address)
const candidates = fc.oneof(
  candidate,
  collection(fc.oneof<fc.Arbitrary<Value>[]>(candidate, fc.tuple(candidate, integer))),
  fc.dictionary(word, candidate, { maxKeys: 3 }).map((all) => objectOf(Object.entries(all))),
)

const NAMES = [
  'UTC',
  '',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Calcutta',
  'Australia/Lord_Howe',
]
const zone = fc.constantFrom(...NAMES, 'US/Eastern', 'europe/berlin', 'Nowhere')
/** Up to 2037, past which collections of zone data may write the rules differently. */
const instant = fc.oneof(
  fc.bigInt({ min: 0n, max: 2_140_000_000_000_000_000n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
)
const nanoseconds = fc.oneof(
  instant.map((ns) => numberOf(String(ns))),
  number,
)
const time = fc.oneof(
  nanoseconds,
  fc.tuple(
    instant.map((ns) => numberOf(String(ns))),
    zone,
  ),
  fc.tuple(nanoseconds, zone, fc.constantFrom('', 'RFC3339', 'RFC3339Nano', 'RFC822', '15:04')),
)
const two = (max: number): fc.Arbitrary<string> =>
  fc.nat(max).map((n) => String(n).padStart(2, '0'))
const rfc3339 = fc
  .tuple(
    fc
      .oneof(fc.integer({ min: 1670, max: 2270 }), fc.nat(9999))
      .map((y) => String(y).padStart(4, '0')),
    two(13),
    two(32),
    fc.oneof(two(24), fc.constantFrom('7', '007')),
    two(60),
    two(60),
    fc.constantFrom('', '', '.5', ',25', '.123456789', '.1234567891', '.'),
    fc.constantFrom('Z', 'Z', '+01:00', '-23:59', '+24:00', '+25:00', '-00:60', '+0100', 'z', ''),
  )
  .map(([y, mo, d, h, mi, s, f, z]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${f}${z}`)
const duration = fc
  .tuple(
    fc.constantFrom('', '', '-', '+'),
    fc.array(
      fc.tuple(
        fc.oneof(
          fc.nat(3000).map(String),
          fc.constantFrom('0', '1.5', '.25', '2.', '.', '1.2.3', '9999999999'),
        ),
        fc.constantFrom(
          'ns',
          'us',
          '\u00b5s',
          '\u03bcs',
          'ms',
          's',
          'm',
          'h',
          'd',
          'w',
          'y',
          '',
          'x',
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([sign, parts]) => sign + parts.flat().join(''))

const atom = fc.constantFrom(
  'a',
  'b',
  'é',
  '.',
  '[ab]',
  '(a)',
  '(?P<n>b)',
  '(a|b)',
  '\\b',
  '^',
  '$',
  '',
)
const pattern = fc
  .array(fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{1,2}', '*?')), { maxLength: 4 })
  .map((parts) => parts.flat().join(''))
const regex = fc.oneof(
  { weight: 8, arbitrary: pattern },
  fc.constantFrom(
    '(?i)A',
    '(?=a)',
    '(a)\\1',
    '[',
    'a**',
    '(?<n>a)(b)',
    '\\pL',
    '\\d+',
    '(?s).',
    '\\Qa.b\\E',
  ),
)
const template = fc
  .array(
    fc.constantFrom(
      'x',
      '$1',
      '${1}',
      '$2',
      '$n',
      '${n}',
      '$$',
      '$',
      '${',
      '$1x',
      '$0',
      '$01',
      '$10',
      'é',
    ),
    {
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''))

const node = fc.constantFrom<Value[]>('a', 'b', 'c', 'd', 1)
const graph = fc
  .array(fc.tuple(node, fc.oneof(collection(node), fc.constant(null))), { maxLength: 5 })
  .map(objectOf)

const key = fc.constantFrom<Value[]>('a', 'b', '0', '1', '-', 1)
const small: fc.Arbitrary<Value> = fc.letrec<{ v: Value }>((tie) => ({
  v: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    fc.constantFrom<Value[]>('x', 'a', 1, null),
    fc.array(tie('v'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom('a', 'b', '0'), tie('v')), { maxLength: 3 }).map(objectOf),
    fc.array(tie('v'), { maxLength: 2 }).map(setOf),
  ),
})).v
const pointer = fc.oneof<fc.Arbitrary<Value>[]>(
  fc
    .array(fc.constantFrom('a', 'b', '0', '1', '-', '~1', '01'), { maxLength: 3 })
    .map((p) => p.map((s) => `/${s}`).join('')),
  fc.array(key, { maxLength: 3 }),
)
const operation = fc
  .tuple(
    fc.constantFrom('add', 'add', 'remove', 'replace', 'move', 'copy', 'test', 'nothing'),
    pointer,
    pointer,
    small,
    fc.integer({ min: 0, max: 20 }),
  )
  .map(([op, path, from, item, omit]) =>
    objectOf(
      (
        [
          ['op', op],
          ['path', path],
          ['from', from],
          ['value', item],
        ] as const
      ).filter((_, i) => i !== omit),
    ),
  )

const setting = fc.oneof(
  fc.constant(objectOf([])),
  fc
    .record(
      {
        pretty: fc.boolean(),
        indent: fc.constantFrom('  ', '\t', '', '--'),
        prefix: fc.constantFrom('', '> '),
        wrong: fc.constant(1),
      },
      { requiredKeys: [] },
    )
    .map((all) =>
      objectOf(Object.entries(all).filter(([name]) => name !== 'wrong' || all.indent === '--')),
    ),
)
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'b', 'é', '%41', '+', ''),
      fc.constantFrom('=1', '=%zz', '=x+y', '', '=%e2%82', ';'),
    ),
    {
      maxLength: 4,
    },
  )
  .map((pairs) => pairs.map((pair) => pair.join('')).join('&'))

const bound = fc.oneof(integer, number.filter(isSmall))

/** Operands for every builtin that Parapet answers from its operands alone. */
export const operandsOf: Readonly<Record<string, Operands>> = {
  'base64url.encode_no_pad': operands(text),
  'crypto.hmac.equal': operands(word, word),
  'crypto.hmac.md5': operands(text, text),
  'crypto.hmac.sha1': operands(text, text),
  'crypto.hmac.sha256': operands(text, text),
  'crypto.hmac.sha512': operands(text, text),
  'crypto.md5': operands(text),
  'crypto.sha1': operands(text),
  'crypto.sha256': operands(text),
  'glob.quote_meta': operands(fc.string({ unit: fc.constantFrom(...'a*?\\[]{},!-é') })),
  'graph.reachable_paths': operands(graph, collection(node)),
  'hex.decode': operands(
    fc.string({ unit: fc.constantFrom(...'0123456789abcdefAF'), maxLength: 10 }),
  ),
  'hex.encode': operands(text),
  indexof_n: operands(word, word),
  'json.marshal_with_options': operands(value, setting),
  'json.patch': operands(small, fc.array(operation, { maxLength: 3 })),
  'net.cidr_contains_matches': operands(candidates, candidates),
  'net.cidr_expand': operands(cidr(24)),
  'net.cidr_is_valid': operands(fc.oneof(cidr(0), address)),
  'numbers.range_step': fc.tuple(bound, bound, fc.integer({ min: -1, max: 9 })),
  'object.subset': operands(small, small),
  'regex.find_n': operands(regex, word, integer),
  'regex.replace': operands(word, regex, template),
  'regex.split': operands(regex, word),
  'semver.compare': operands(version, version),
  'semver.is_valid': operands(version),
  sprintf: operands(format, fc.array(value, { maxLength: 4 })),
  'strings.any_prefix_match': operands(texts, texts),
  'strings.any_suffix_match': operands(texts, texts),
  'strings.count': operands(word, word),
  'strings.split_n': operands(
    word,
    fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 2 }),
    integer,
  ),
  'time.add_date': operands(
    time,
    fc.oneof(integer, fc.integer({ min: -500, max: 500 })),
    integer,
    integer,
  ),
  'time.clock': operands(time),
  'time.date': operands(time),
  'time.diff': operands(time, time),
  'time.format': operands(time),
  'time.parse_duration_ns': operands(duration),
  'time.parse_ns': operands(
    fc.constantFrom('RFC3339', 'RFC3339Nano', '2006-01-02T15:04:05Z07:00'),
    rfc3339,
  ),
  'time.parse_rfc3339_ns': operands(rfc3339),
  'time.weekday': operands(time),
  trace: operands(text),
  'units.parse': operands(fc.tuple(amount, unit).map((parts) => parts.join(''))),
  'units.parse_bytes': operands(fc.tuple(amount, unit).map((parts) => parts.join(''))),
  'urlquery.decode': operands(fc.oneof(query, text)),
  'urlquery.decode_object': operands(query),
  'urlquery.encode': operands(text),
  'urlquery.encode_object': operands(
    fc
      .array(fc.tuple(fc.oneof(word, integer), fc.oneof(text, collection(text))), { maxLength: 3 })
      .map(objectOf),
  ),
}

function isSmall(candidate: Value): boolean {
  return Math.abs(Number(printTerm(candidate))) < 2000
}
