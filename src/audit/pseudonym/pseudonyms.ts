import { isAddress, pseudonymOfAddress } from './addresses.ts'
import { isBuiltIn, isReserved, keptBeginning } from './builtin.ts'
import { Keyed } from './keyed.ts'

/** Length of a pseudonym without its prefix: 50 bits, so that a million names have no two alike. */
const LENGTH = 10
/** Length of the id of a bootstrap token, which its pseudonym has too. */
const TOKEN_ID_LENGTH = 6

/**
 * Stable pseudonyms: the same name has the same one in every log that is exported with the same
 * key, and without the key nobody can tell which name it was, not even by trying all.
 */
export class Pseudonyms {
  readonly #keyed: Keyed
  readonly #keep: (name: string) => boolean

  /** @param keep true for names that stay as they are */
  constructor(key: string, keep: (name: string) => boolean = () => false) {
    this.#keyed = new Keyed(key)
    this.#keep = keep
  }

  /** Of a user: `u-…`, `u-…@d-….invalid` for an address of mail; accounts and nodes keep their form. */
  user(name: string): string {
    if (name === '' || this.#keep(name)) return name
    const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
    if (account) {
      const [, namespace, own] = account
      return `system:serviceaccount:${this.name(namespace!)}:${this.name(own!)}`
    }
    const node = /^system:node:(.+)$/s.exec(name)
    if (node) return `system:node:${this.name(node[1]!)}`
    const token = /^system:bootstrap:(.+)$/s.exec(name)
    if (token) return `system:bootstrap:${this.tokenId(token[1]!)}`
    if (isReserved(name)) return name
    const mail = /^[^@\s]+@([^@\s]+)$/.exec(name)
    const pseudonym = `u-${this.#keyed.letters('user', name, LENGTH)}`
    return mail ? `${pseudonym}@d-${this.#keyed.letters('domain', mail[1]!, 8)}.invalid` : pseudonym
  }

  group(name: string): string {
    if (name === '' || this.#keep(name)) return name
    const accounts = /^system:serviceaccounts:([^:]+)$/.exec(name)
    if (accounts) return `system:serviceaccounts:${this.name(accounts[1]!)}`
    if (isReserved(name)) return name
    return `g-${this.#keyed.letters('group', name, LENGTH)}`
  }

  /** Of a namespace or an object: a valid name of Kubernetes. One name has one pseudonym, whatever bears it. */
  name(name: string): string {
    if (!/[a-z0-9]/i.test(name) || this.#keep(name) || isBuiltIn(name)) return name
    if (isAddress(name)) return pseudonymOfAddress(name, this.#keyed)
    // As `generateName` has it: a beginning.
    const end = name.endsWith('-') ? '-' : ''
    const beginning = keptBeginning(name)
    if (beginning === name) return name
    if (beginning === 'bootstrap-token-') {
      return beginning + this.tokenId(name.slice(beginning.length))
    }
    const letters = this.#keyed.letters('name', name, LENGTH)
    return `${beginning === '' ? 'n-' : beginning}${letters}${end}`
  }

  tokenId(id: string): string {
    return this.#keyed.letters('token', id, TOKEN_ID_LENGTH)
  }

  /** Of an address; of anything else as of a name. */
  address(text: string): string {
    if (this.#keep(text)) return text
    return isAddress(text) ? pseudonymOfAddress(text, this.#keyed) : this.name(text)
  }

  /** Of an identifier of a person: a UUID stays one. */
  id(text: string): string {
    if (text === '' || this.#keep(text)) return text
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
      return `u-${this.#keyed.letters('id', text, LENGTH)}`
    }
    const hex = this.#keyed.bytes('id', text).toString('hex')
    const [a, b, c, d, e] = [0, 8, 12, 16, 20].map((at, index) =>
      hex.slice(at, at + [8, 4, 4, 4, 12][index]!),
    )
    return `${a}-${b}-4${c!.slice(1)}-8${d!.slice(1)}-${e}`
  }

  /** Of what an authenticator says besides: `x-…`. */
  other(text: string): string {
    return text === '' || this.#keep(text)
      ? text
      : `x-${this.#keyed.letters('other', text, LENGTH)}`
  }
}
