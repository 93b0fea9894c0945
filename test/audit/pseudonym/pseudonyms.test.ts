import { BlockList, isIP } from 'node:net'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pseudonyms } from '../../../src/audit/pseudonym/pseudonyms.ts'
import { root } from '../../support/cli.ts'

const key = 'a key for tests, and nothing else'
const pseudonyms = new Pseudonyms(key)
const dnsName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

describe('names', () => {
  test('are valid in Kubernetes, short, stable, and different for different names and keys', () => {
    const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,60}[a-z0-9])?$/)
    const other = new Pseudonyms(`${key}, either`)
    const seen = new Map<string, string>()
    fc.assert(
      fc.property(name, (text) => {
        const pseudonym = pseudonyms.name(text)
        expect(pseudonym).toMatch(dnsName)
        expect(pseudonym.length).toBeLessThan(64)
        expect(new Pseudonyms(key).name(text)).toBe(pseudonym)
        expect(seen.get(pseudonym) ?? text).toBe(text)
        seen.set(pseudonym, text)
        if (pseudonym !== text) expect(other.name(text)).not.toBe(pseudonym)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    'default',
    'kube-system',
    'kube-public',
    'kube-node-lease',
    'cluster-admin',
    'admin',
    'edit',
    'view',
    'system:discovery',
    'coredns',
    'cluster-info',
    'clusterrole-aggregation-controller',
    '',
    '*',
  ])('of the cluster itself stay: %j', (name) => {
    expect(pseudonyms.name(name)).toBe(name)
  })

  test('keep how they begin where guardrails look at that', () => {
    expect(pseudonyms.name('coredns-custom')).toMatch(/^coredns-[a-z2-7]{10}$/)
    expect(pseudonyms.name('bootstrap-token-abcdef')).toMatch(/^bootstrap-token-[a-z2-7]{6}$/)
    expect(pseudonyms.name('web-')).toMatch(/^n-[a-z2-7]{10}-$/)
    expect(pseudonyms.name('corednsx')).toMatch(/^n-/)
  })
})

describe('users and groups', () => {
  test('keep their form', () => {
    const [user, domain] = pseudonyms.user('alice@example.com').split('@')
    expect(user).toMatch(/^u-[a-z2-7]{10}$/)
    expect(domain).toMatch(/^d-[a-z2-7]{8}\.invalid$/)
    expect(pseudonyms.user('bob@example.com').split('@')[1]).toBe(domain)
    expect(pseudonyms.user('kubernetes-admin')).toMatch(/^u-[a-z2-7]{10}$/)
    expect(pseudonyms.group('developers')).toMatch(/^g-[a-z2-7]{10}$/)
    const shop = pseudonyms.name('shop')
    const account = `system:serviceaccount:${shop}:${pseudonyms.name('web')}`
    expect(pseudonyms.user('system:serviceaccount:shop:web')).toBe(account)
    expect(pseudonyms.group('system:serviceaccounts:shop')).toBe(`system:serviceaccounts:${shop}`)
    expect(pseudonyms.user('system:node:worker-1')).toBe(
      `system:node:${pseudonyms.name('worker-1')}`,
    )
    expect(pseudonyms.user('system:serviceaccount:shop:default')).toMatch(/:default$/)
    expect(pseudonyms.user('system:bootstrap:abcdef')).toMatch(/^system:bootstrap:[a-z2-7]{6}$/)
  })

  test('of the cluster stay, all that guardrails know', () => {
    const source = readFileSync(path.join(root, 'rego/lib/identity.rego'), 'utf8')
    const block = /^components := \{([^}]*)\}/m.exec(source)![1]!
    const components = [...block.matchAll(/"([^"]+)"/g)].map((match) => match[1]!)
    expect(components.length).toBeGreaterThan(15)
    for (const name of [...components, 'eks:node-manager', 'system:anonymous', '']) {
      expect(pseudonyms.user(name)).toBe(name)
    }
    for (const name of ['system:masters', 'system:authenticated', 'system:serviceaccounts', '']) {
      expect(pseudonyms.group(name)).toBe(name)
    }
  })

  test('stay where the user says so', () => {
    const some = new Pseudonyms(key, (name) => name === 'monitoring' || name.endsWith('@x.org'))
    expect(some.name('monitoring')).toBe('monitoring')
    expect(some.user('alice@x.org')).toBe('alice@x.org')
    expect(some.user('system:serviceaccount:monitoring:a')).toMatch(
      /^system:serviceaccount:monitoring:n-/,
    )
  })

  test('ids stay ids', () => {
    const uuid = '6f66c109-4e85-4b36-975b-edad89e1fa4a'
    expect(pseudonyms.id(uuid)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(pseudonyms.id(uuid)).not.toBe(uuid)
    expect(pseudonyms.id('u-admin')).toMatch(/^u-[a-z2-7]{10}$/)
  })
})

describe('addresses', () => {
  const classes: readonly [string, number, 'ipv4' | 'ipv6'][] = [
    ['10.0.0.0', 8, 'ipv4'],
    ['172.16.0.0', 12, 'ipv4'],
    ['192.168.0.0', 16, 'ipv4'],
    ['100.64.0.0', 10, 'ipv4'],
    ['169.254.0.0', 16, 'ipv4'],
    ['127.0.0.0', 8, 'ipv4'],
    ['fc00::', 7, 'ipv6'],
    ['fe80::', 10, 'ipv6'],
    ['::1', 128, 'ipv6'],
  ]
  /** The first of these networks that an address is in. */
  const classOf = (address: string): string => {
    const type = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    const found = classes.find(([network, prefix, kind]) => {
      const list = new BlockList()
      list.addSubnet(network, prefix, kind)
      return kind === type && list.check(address, type)
    })
    return `${type} ${found?.[0] ?? 'public'}`
  }

  test('stay in their class', () => {
    const privateIPv4 = fc
      .tuple(
        fc.constantFrom('10.0', '10.255', '172.16', '172.31', '192.168', '100.64', '169.254'),
        fc.nat(255),
        fc.nat(255),
      )
      .map((parts) => parts.join('.'))
    const someIPv6 = fc
      .tuple(fc.constantFrom('fd12:', 'fe80:', '2a00:'), fc.nat(0xffff), fc.nat(0xffff))
      .map(([head, a, b]) => `${head}:${a.toString(16)}:${b.toString(16)}`)
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), privateIPv4, fc.ipV6(), someIPv6), (address) => {
        const pseudonym = pseudonyms.address(address)
        expect(isIP(pseudonym)).toBe(isIP(address))
        expect(classOf(pseudonym)).toBe(classOf(address))
        expect(pseudonyms.address(address)).toBe(pseudonym)
      }),
      { numRuns: 3000 },
    )
  })

  test('of a private block stay different', () => {
    const all = new Set<string>()
    for (let a = 0; a < 256; a++) {
      for (let b = 0; b < 16; b++) all.add(pseudonyms.address(`192.168.${a}.${b}`))
    }
    expect(all.size).toBe(256 * 16)
  })

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::1', '::1'],
    ['::', '::'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
    ['::ffff:10.1.2.3', expect.stringMatching(/^::ffff:10\./)],
    ['203.0.113.77', expect.stringMatching(/^2(?:4\d|5[0-5])\./)],
    ['2a00:1450::1', expect.stringMatching(/^2001:db8:/)],
    ['fe80::1%eth0', expect.stringMatching(/^fe80::.*%eth0$/)],
  ])('%s', (address, wanted) => {
    expect(pseudonyms.address(address)).toEqual(wanted)
  })

  test('one address has one pseudonym, however it is written', () => {
    expect(pseudonyms.address('2a00:0:0::1')).toBe(pseudonyms.address('2a00::1'))
  })
})
