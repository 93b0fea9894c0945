import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'
import { OpaProcess } from '../server/opa-process.ts'
import { cli, folder } from '../support/cli.ts'
import { findOpa } from '../tools.ts'

const opa = findOpa()

function documents(text: string): unknown[] {
  const { documents: found, diagnostics } = parseYaml({ file: 'written.yaml', text })
  expect(diagnostics).toEqual([])
  return found.map(yamlValue)
}

async function withKey(algorithm = 'ES256'): Promise<string> {
  const cwd = folder({})
  await cli(['keys', 'new', 'k', '--algorithm', algorithm], { cwd })
  return cwd
}

describe('opa config', () => {
  const base = ['opa', 'config', '--service', 'https://bundles.example.com']

  test('turns verification on for every bundle', async () => {
    const cwd = await withKey()
    const flags = [
      '--bundle',
      'prod',
      '--bundle',
      'dev=other/dev.tar.gz',
      '--verify-key',
      'k1=k.pub.pem',
      '--scope',
      'write',
      '--token-env',
      'TOKEN',
    ]
    const { stdout, code } = await cli([...base, ...flags], { cwd })
    const pem = readFileSync(path.join(cwd, 'k.pub.pem'), 'utf8')
    const polling = { long_polling_timeout_seconds: 60 }
    const signing = { keyid: 'k1', scope: 'write' }
    expect(documents(stdout)).toEqual([
      {
        services: {
          parapet: {
            url: 'https://bundles.example.com',
            credentials: { bearer: { token: '${TOKEN}' } },
          },
        },
        bundles: {
          prod: { service: 'parapet', resource: 'bundles/prod', polling, signing },
          dev: { service: 'parapet', resource: 'other/dev.tar.gz', polling, signing },
        },
        keys: { k1: { algorithm: 'ES256', key: pem } },
        decision_logs: { service: 'parapet' },
        status: { service: 'parapet' },
      },
    ])
    expect(code).toBe(0)
  })

  test('names no key where several are trusted, so that the signature does', async () => {
    const cwd = await withKey()
    await cli(['keys', 'new', 'other'], { cwd })
    const { stdout } = await cli(
      [
        ...base,
        '--bundle',
        'prod',
        '--verify-key',
        'a=k.pub.pem',
        '--verify-key',
        'b=other.pub.pem',
        '--no-reports',
      ],
      { cwd },
    )
    expect(documents(stdout)[0]).toMatchObject({
      bundles: { prod: { signing: {} } },
      keys: { a: {}, b: {} },
    })
  })

  test('for a registry asks for no long polls', async () => {
    const cwd = await withKey()
    const { stdout } = await cli(
      [
        'opa',
        'config',
        '--service',
        'https://r.example.com',
        '--oci',
        '--bundle',
        'p=r.example.com/p:1',
        '--verify-key',
        'k.pub.pem',
      ],
      { cwd },
    )
    expect(documents(stdout)[0]).toMatchObject({
      services: { parapet: { type: 'oci' } },
      bundles: { p: { resource: 'r.example.com/p:1', signing: { keyid: 'default' } } },
    })
    expect(stdout).not.toContain('polling')
  })

  test.each([
    ['without a key', [], 'there is no key to verify bundles with'],
    [
      'with EdDSA, which OPA’s configuration refuses',
      ['--verify-key', 'k.pub.pem'],
      'OPA servers take no EdDSA key',
    ],
  ])('is refused %s', async (_, flags, message) => {
    const cwd = await withKey('EdDSA')
    const { stderr, code } = await cli([...base, '--bundle', 'prod', ...flags], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  test.each(['deployment', 'sidecar'])('goes whole into the manifests of a %s', async (form) => {
    const cwd = await withKey()
    const flags = [...base, '--bundle', 'prod', '--verify-key', 'k.pub.pem', '--token-env', 'TOKEN']
    const bare = (await cli(flags, { cwd })).stdout
    const [config, workload] = documents((await cli([...flags, '--as', form], { cwd })).stdout) as [
      { kind: string; data: Record<string, string> },
      {
        spec: {
          template: {
            spec: {
              containers: { args: string[]; env: unknown[]; readinessProbe: object }[]
              volumes: unknown[]
            }
          }
        }
      },
    ]
    expect(config).toMatchObject({ kind: 'ConfigMap', data: { 'opa.yaml': bare } })
    const { containers, volumes } = workload.spec.template.spec
    expect(containers[0]!.args).toContain('--config-file=/config/opa.yaml')
    expect(containers[0]!.readinessProbe).toEqual({
      httpGet: { path: '/health?bundles', port: 8282 },
    })
    expect(containers[0]!.env).toEqual([
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'opa', key: 'token' } } },
    ])
    expect(volumes).toEqual([{ name: 'opa-config', configMap: { name: 'opa' } }])
  })

  test.skipIf(!opa)('is what a real OPA starts with', async () => {
    const cwd = await withKey()
    const { stdout } = await cli(
      [
        'opa',
        'config',
        '--service',
        'http://127.0.0.1:9',
        '--bundle',
        'prod',
        '--verify-key',
        'k.pub.pem',
        '--scope',
        'write',
      ],
      { cwd },
    )
    const process = await OpaProcess.start(opa!, cwd, stdout)
    try {
      await process.until('it tries to download', () =>
        process.output.includes('Bundle load failed'),
      )
      const { body } = await process.get('/v1/config')
      expect(JSON.parse(body).result.bundles.prod).toMatchObject({
        signing: { keyid: 'default', scope: 'write' },
      })
    } finally {
      await process.stop()
    }
  })
})

describe('falco package', () => {
  const RULES =
    '- required_plugin_versions:\n  - {name: k8saudit, version: 0.20.1}\n\n- rule: x\n  output: >\n    a: %ka.verb\n'
  test('writes values and a ConfigMap that hold the rules to the letter', async () => {
    const cwd = folder({ 'b.yaml': RULES, 'a.yaml': '  \n- rule: y\r\n' })
    const { code, stdout } = await cli(['falco', 'package', 'b.yaml', 'a.yaml', '-o', 'deploy'], {
      cwd,
    })
    expect([code, stdout]).toEqual([0, 'deploy/values.yaml\ndeploy/configmap.yaml\n'])
    const [values] = documents(readFileSync(path.join(cwd, 'deploy/values.yaml'), 'utf8'))
    expect(values).toMatchObject({
      driver: { enabled: false },
      controller: { kind: 'deployment', deployment: { replicas: 1 } },
      falcoctl: { config: { artifact: { install: { refs: ['k8saudit:0.20'] } } } },
      services: [
        {
          name: 'k8saudit-webhook',
          type: 'NodePort',
          ports: [{ port: 9765, nodePort: 30007, protocol: 'TCP' }],
        },
      ],
      falco: { rules_files: ['/etc/falco/rules.d'], load_plugins: ['k8saudit', 'json'] },
      customRules: { 'b.yaml': RULES },
    })
    const [map] = documents(readFileSync(path.join(cwd, 'deploy/configmap.yaml'), 'utf8'))
    expect(map).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'parapet-rules', namespace: 'falco' },
      data: { 'b.yaml': RULES, 'a.yaml': '  \n- rule: y\n' },
    })
  })

  test('two files of one name cannot both be there', async () => {
    const cwd = folder({ 'a.yaml': RULES })
    const { code, stderr } = await cli(['falco', 'package', 'a.yaml', './a.yaml', '-o', 'deploy'], {
      cwd,
    })
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('two rules files are named `a.yaml`'),
    ])
  })
})
