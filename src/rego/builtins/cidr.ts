import { RegoObject, RegoSet, setOf } from '../value.ts'
import type { Value } from '../value.ts'
import { BuiltinError, isArray, operand, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { addressText, contains, containsNetwork, parseAddress, parseNetwork } from './go/ip.ts'
import type { Network } from './go/ip.ts'
import { Limit } from './limit.ts'

export const cidrs: Builtins = {
  'net.cidr_contains_matches': (operands) => matches(operand(operands, 0), operand(operands, 1)),
  'net.cidr_expand': (operands) => expand(networkOf(stringOperand(operands, 0))),
  'net.cidr_is_valid': (operands) => {
    const value = operand(operands, 0)
    return typeof value === 'string' && parseNetwork(value) !== undefined
  },
}

function networkOf(value: Value): Network {
  const network = typeof value === 'string' ? parseNetwork(value) : undefined
  if (network) return network
  throw new BuiltinError('not a network in CIDR notation')
}

function expand(network: Network): RegoSet {
  const limit = new Limit('net.cidr_expand')
  const addresses: string[] = []
  for (let address = network.first; contains(network, address); address++) {
    limit.count(1)
    addresses.push(addressText(address))
  }
  return new RegoSet(addresses)
}

/** A network or address, and what names it in the answer. */
interface Candidate {
  readonly cidr: Value
  readonly name: Value
}

/** One by one, since a wrong one fails only when its turn comes. */
function* candidates(value: Value): Generator<Candidate> {
  if (typeof value === 'string') yield { cidr: value, name: value }
  else if (isArray(value)) {
    for (const [index, item] of value.entries()) yield { cidr: cidrIn(item), name: index }
  } else if (value instanceof RegoSet) {
    for (const item of value.sorted()) yield { cidr: cidrIn(item), name: item }
  } else if (value instanceof RegoObject) {
    for (const [key, item] of value.sorted()) yield { cidr: cidrIn(item), name: key }
  }
}

/** Of an array, the first element counts. */
function cidrIn(item: Value): Value {
  if (typeof item === 'string') return item
  if (isArray(item) && item.length > 0) return item[0]!
  throw new BuiltinError('element must be string or non-empty array')
}

function matches(outer: Value, inner: Value): RegoSet {
  const found: Value[] = []
  for (const network of candidates(outer)) {
    for (const part of candidates(inner)) {
      if (holds(networkOf(network.cidr), part.cidr)) found.push([network.name, part.name])
    }
  }
  return setOf(found)
}

function holds(network: Network, value: Value): boolean {
  const address = typeof value === 'string' ? parseAddress(value) : undefined
  if (address !== undefined) return contains(network, address)
  return containsNetwork(network, networkOf(value))
}
