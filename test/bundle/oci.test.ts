import { generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unpackArchive } from '../../src/bundle/archive.ts'
import { artifact, blob, type Descriptor, digestOf } from '../../src/bundle/oci/artifact.ts'
import { BUNDLE_LAYER, bundleArtifact, bundleLayer } from '../../src/bundle/oci/bundle-artifact.ts'
import { cosignArtifacts, isSignedBy, signatureTag } from '../../src/bundle/oci/cosign.ts'
import {
  floatingTags,
  indexEntry,
  rulesfileArtifact,
  rulesfileConfig,
} from '../../src/bundle/oci/falco-artifact.ts'
import { readLayout, writeLayout } from '../../src/bundle/oci/layout.ts'
import { parseManifest } from '../../src/bundle/oci/manifest.ts'
import { parseReference, printReference } from '../../src/bundle/oci/reference.ts'
import { gzip } from '../../src/bundle/gzip.ts'
import { ParapetError } from '../../src/text/error.ts'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

describe('references', () => {
  test.each([
    [
      'oci://registry.example.com/team/policy:1.0',
      { registry: 'registry.example.com', repository: 'team/policy', tag: '1.0' },
    ],
    ['oci://localhost:5000/a', { registry: 'localhost:5000', repository: 'a' }],
    [
      `oci://127.0.0.1:5000/a/b__c@${DIGEST}`,
      { registry: '127.0.0.1:5000', repository: 'a/b__c', digest: DIGEST },
    ],
    [
      `oci://[::1]:5000/a:t@${DIGEST}`,
      { registry: '[::1]:5000', repository: 'a', tag: 't', digest: DIGEST },
    ],
  ])('%s', (text, expected) => {
    const reference = parseReference(text)
    expect(reference).toEqual(expected)
    expect(`oci://${printReference(reference)}`).toBe(text)
  })

  test.each([
    ['oci://policy:1', 'names no registry'],
    ['oci:///policy', 'names no registry'],
    ['oci://host/Policy', 'has a repository that no registry takes'],
    ['oci://host/a/../b', 'has a repository that no registry takes'],
    ['oci://host/a:-x', 'has a tag that no registry takes'],
    ['oci://host/a:b:c', 'has one part too many'],
    ['oci://host/a@sha256:abc', 'has a digest that is no sha256'],
    ['oci://user:pw@host/a', 'names no registry'],
  ])('%s is refused', (text, reason) => {
    expect(() => parseReference(text)).toThrow(reason)
  })
})

describe('a bundle artifact', () => {
  const made = bundleArtifact(Buffer.from('archive'), { revision: 'r1' })
  test('is what OPA pulls, and the same every time', () => {
    const manifest = JSON.parse(Buffer.from(made.manifest).toString())
    expect(manifest).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(Buffer.from('{}')),
        size: 2,
      },
      layers: [
        {
          mediaType: BUNDLE_LAYER,
          digest: digestOf(Buffer.from('archive')),
          size: 7,
          annotations: { 'org.opencontainers.image.title': 'bundle.tar.gz' },
        },
      ],
      annotations: { 'org.opencontainers.image.revision': 'r1' },
    })
    expect(bundleArtifact(Buffer.from('archive'), { revision: 'r1' }).digest).toBe(made.digest)
    expect(bundleLayer(parseManifest(made.manifest, 'x'), 'x').digest).toBe(
      digestOf(Buffer.from('archive')),
    )
  })

  test('of another kind holds no bundle', () => {
    const other = artifact({
      config: blob('a/b', Buffer.from('{}')),
      layers: [blob('c/d', Buffer.from('x'))],
    })
    expect(() => bundleLayer(parseManifest(other.manifest, 'x'), 'x')).toThrow(
      '`x` holds no OPA bundle',
    )
  })

  test('goes through a layout unchanged', async () => {
    const files = await unpackArchive(
      gzip(writeLayout([{ artifact: made, name: '1.0' }, { artifact: made }])),
      'layout',
    )
    expect(readLayout(files, 'layout')).toEqual([
      { artifact: bytesEqual(made), name: '1.0' },
      { artifact: bytesEqual(made) },
    ])
    const changed = files.map((file) =>
      file.bytes.length === 7 ? { ...file, bytes: Buffer.from('ARCHIVE') } : file,
    )
    expect(() => readLayout(changed, 'layout')).toThrow(
      '`layout` holds something else than sha256:',
    )
    expect(() =>
      readLayout(
        files.filter(({ bytes }) => bytes.length !== 7),
        'layout',
      ),
    ).toThrow('`layout` lacks sha256:')
    expect(() => readLayout([], 'layout')).toThrow('`layout` is no OCI layout')
  })

  test('manifests of any content are read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        let refusal: unknown
        try {
          parseManifest(Buffer.from(text), 'x')
        } catch (error) {
          refusal = error
        }
        expect(refusal === undefined || refusal instanceof ParapetError).toBe(true)
      }),
    )
  })
})

function bytesEqual(made: ReturnType<typeof artifact>): unknown {
  return {
    ...made,
    manifest: expect.objectContaining({ length: made.manifest.length }),
    blobs: made.blobs.map(({ descriptor, bytes }) => ({
      descriptor: { ...descriptor },
      bytes: expect.objectContaining({ length: bytes.length }),
    })),
  }
}

const RULES = `- required_engine_version: 15
- required_plugin_versions:
  - name: k8saudit
    version: 0.7.0
    alternatives:
      - {name: k8saudit-eks, version: 0.4.0}
  - {name: json, version: 0.7.0}
- required_plugin_versions:
  - {name: other, version: 9.9.9}
- rule: x
`

describe('a Falco artifact', () => {
  test('is falcoctl’s, field by field', async () => {
    const made = rulesfileArtifact(
      { file: 'falco-rules/k8s.rules.yaml', text: RULES },
      { name: 'k8s', version: '1.2.0', source: 'https://example.com/repo' },
    )
    const manifest = JSON.parse(Buffer.from(made.manifest).toString())
    expect(manifest.config.mediaType).toBe('application/vnd.cncf.falco.rulesfile.config.v1+json')
    expect(manifest.config).not.toHaveProperty('annotations')
    expect(manifest).not.toHaveProperty('artifactType')
    expect(manifest.layers).toEqual([
      expect.objectContaining({
        mediaType: 'application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz',
        annotations: { 'org.opencontainers.image.title': 'k8s.tar.gz' },
      }),
    ])
    expect(manifest.annotations).toEqual({
      'org.opencontainers.image.source': 'https://example.com/repo',
    })
    expect(Buffer.from(made.blobs[0]!.bytes).toString()).toBe(
      '{"name":"k8s","version":"1.2.0","dependencies":[{"name":"k8saudit","version":"0.7.0","alternatives":[{"name":"k8saudit-eks","version":"0.4.0"}]},{"name":"json","version":"0.7.0"}],"requirements":[{"name":"engine_version_semver","version":"0.15.0"}]}',
    )
    const files = await unpackArchive(made.blobs[1]!.bytes, 'layer')
    expect(files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['k8s.rules.yaml', RULES],
    ])
  })

  test.each([
    [
      '- required_engine_version: 0.31.0\n',
      { name: 'n', requirements: [{ name: 'engine_version_semver', version: '0.31.0' }] },
    ],
    ['- rule: x\n', { name: 'n' }],
    ['', { name: 'n' }],
  ])('takes requirements from %j', (text, expected) => {
    expect(rulesfileConfig({ file: 'r.yaml', text }, { name: 'n' })).toEqual(expected)
  })

  test.each([
    [
      '- required_engine_version: new\n',
      '`required_engine_version` is neither a number nor a semantic version',
    ],
    ['- required_plugin_versions: k8saudit\n', '`required_plugin_versions` is not a list'],
    [
      '- required_plugin_versions: [{name: k8saudit}]\n',
      'a required plugin has no name or no version',
    ],
  ])('refuses %j', (text, reason) => {
    expect(() => rulesfileConfig({ file: 'r.yaml', text }, { name: 'n' })).toThrow(reason)
  })

  test('an entry of falcoctl’s index', () => {
    const text = indexEntry({
      name: 'k8s',
      registry: 'r.example.com:5000',
      repository: 'rules/k8s',
      description: 'Rules: "all" of them',
      source: 'https://example.com',
      keyReference: 'https://example.com/cosign.pub',
    })
    const { documents } = parseYaml({ file: 'index.yaml', text })
    expect(documents.map(yamlValue)).toEqual([
      [
        {
          name: 'k8s',
          type: 'rulesfile',
          registry: 'r.example.com:5000',
          repository: 'rules/k8s',
          description: 'Rules: "all" of them',
          home: 'https://example.com',
          sources: ['https://example.com'],
          signature: { cosign: { key: 'https://example.com/cosign.pub', 'ignore-tlog': true } },
        },
      ],
    ])
  })

  test('floating tags', () => {
    expect(floatingTags('1.2.3')).toEqual(['1.2.3', '1', '1.2'])
    expect(() => floatingTags('v1')).toThrow('`v1` is no semantic version')
  })
})

describe('a cosign signature', () => {
  const subject: Descriptor = { mediaType: 'x/y', digest: DIGEST, size: 3 }
  test.each([
    ['EC', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['Ed25519', generateKeyPairSync('ed25519')],
  ])('of %s holds for that digest and that key only', (_, { privateKey, publicKey }) => {
    const { tagged, referrer } = cosignArtifacts(subject, { key: privateKey, name: 'host/repo' })
    const layer = tagged.blobs[1]!
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(isSignedBy(layer, DIGEST, publicKey)).toBe(true)
    expect(isSignedBy(layer, `sha256:${'b'.repeat(64)}`, publicKey)).toBe(false)
    expect(isSignedBy(layer, DIGEST, other.publicKey)).toBe(false)
    expect(
      isSignedBy(
        { ...layer, bytes: Buffer.concat([layer.bytes, Buffer.from(' ')]) },
        DIGEST,
        publicKey,
      ),
    ).toBe(false)
    expect(JSON.parse(Buffer.from(referrer.manifest).toString()).subject).toEqual(subject)
    expect(signatureTag(DIGEST)).toBe(`sha256-${'a'.repeat(64)}.sig`)
  })
})
