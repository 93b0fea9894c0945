import { compareStrings } from '../value.ts'
import type { Value } from '../value.ts'
import { BuiltinError, operand, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'

export const semver: Builtins = {
  'semver.compare': (operands) =>
    compareVersions(versionOperand(operands, 0), versionOperand(operands, 1)),
  'semver.is_valid': (operands) => {
    const value = operand(operands, 0)
    return typeof value === 'string' && parseVersion(value) !== undefined
  },
}

interface Version {
  readonly numbers: readonly bigint[]
  readonly preRelease: string
}

const IDENTIFIERS = /^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/
const INT64_MAX = 2n ** 63n - 1n

function versionOperand(operands: readonly Value[], index: number): Version {
  const version = parseVersion(stringOperand(operands, index))
  if (version) return version
  throw new BuiltinError(`operand ${index + 1} is not a valid SemVer`)
}

function parseVersion(text: string): Version | undefined {
  const [release, metadata] = cut(text.startsWith('v') ? text.slice(1) : text, '+')
  if (metadata !== undefined && !IDENTIFIERS.test(metadata)) return undefined
  const [core, preRelease] = cut(release, '-')
  if (preRelease !== undefined && !isPreRelease(preRelease)) return undefined
  const parts = core.split('.')
  if (parts.length !== 3 || !parts.every((part) => /^(?:0|[1-9][0-9]*)$/.test(part)))
    return undefined
  const numbers = parts.map(BigInt)
  if (numbers.some((number) => number > INT64_MAX)) return undefined
  return { numbers, preRelease: preRelease ?? '' }
}

function isPreRelease(text: string): boolean {
  return IDENTIFIERS.test(text) && !text.split('.').some((part) => /^0[0-9]+$/.test(part))
}

function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index]!
    if (number !== other) return number > other ? 1 : -1
  }
  if (a.preRelease === b.preRelease) return 0
  // The release itself is above its pre-releases.
  if (a.preRelease === '') return 1
  if (b.preRelease === '') return -1
  return comparePreReleases(a.preRelease.split('.'), b.preRelease.split('.'))
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareIdentifiers(a[i]!, b[i]!)
    if (order !== 0) return Math.sign(order)
  }
  return Math.sign(a.length - b.length)
}

/** Numbers are below names. OPA reads them as 64-bit integers and stops at the largest. */
function compareIdentifiers(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)]
  if (x === undefined && y === undefined) return compareStrings(a, b)
  if (x === undefined) return 1
  if (y === undefined) return -1
  return x === y ? 0 : x > y ? 1 : -1
}

function numberOf(identifier: string): bigint | undefined {
  if (!/^[0-9]+$/.test(identifier)) return undefined
  const number = BigInt(identifier)
  return number > INT64_MAX ? INT64_MAX : number
}
