import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { objectOf, textOf } from '../../text/json.ts'
import { ParapetError } from '../../text/error.ts'

/** How to log in to a registry. */
export interface Credentials {
  readonly username: string
  readonly password: string
  /** A refresh token instead of a password, as `docker login` leaves it for some registries. */
  readonly identityToken?: string
}

const HELPER_MS_MAX = 15_000

/**
 * Credentials for a registry from Docker's configuration (`DOCKER_CONFIG`, else `~/.docker`; also
 * Podman's `REGISTRY_AUTH_FILE`): helpers first, then what stands in the file.
 * @throws {ParapetError} `OCI_CREDENTIALS`
 */
export async function credentialsFor(
  registry: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Credentials | undefined> {
  const file =
    env['REGISTRY_AUTH_FILE'] ??
    path.join(env['DOCKER_CONFIG'] ?? path.join(env['HOME'] ?? homedir(), '.docker'), 'config.json')
  const config = await readConfig(file)
  const names = namesOf(registry)
  const helpers = objectOf(config['credHelpers'])
  const helper =
    names.map((name) => textOf(helpers[name])).find((found) => found) ??
    textOf(config['credsStore'])
  if (helper) {
    const found = await askHelper(helper, names, env)
    if (found) return found
  }
  const auths = objectOf(config['auths'])
  const entry = names.map((name) => auths[name]).find((found) => found !== undefined)
  return entry === undefined ? undefined : readEntry(objectOf(entry))
}

/** Docker Hub goes by the address of its old index. */
function namesOf(registry: string): string[] {
  const plain = [
    registry,
    `https://${registry}`,
    `https://${registry}/v1/`,
    `https://${registry}/v2/`,
  ]
  return /^(?:registry-1\.|index\.)?docker\.io$/.test(registry)
    ? ['https://index.docker.io/v1/', ...plain]
    : plain
}

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '{}'
    throw new ParapetError('OCI_CREDENTIALS', `\`${file}\` cannot be read (${cause.code})`, {
      file,
      cause,
    })
  })
  try {
    return objectOf(JSON.parse(text))
  } catch (cause) {
    throw new ParapetError('OCI_CREDENTIALS', `\`${file}\` is not JSON`, { file, cause })
  }
}

function readEntry(entry: Readonly<Record<string, unknown>>): Credentials | undefined {
  const identityToken = textOf(entry['identitytoken'])
  const auth = Buffer.from(textOf(entry['auth']) ?? '', 'base64').toString()
  const colon = auth.indexOf(':')
  const username = textOf(entry['username']) ?? auth.slice(0, Math.max(colon, 0))
  const password = textOf(entry['password']) ?? auth.slice(colon + 1)
  if (username === '' && !identityToken) return undefined
  return { username, password, ...(identityToken ? { identityToken } : {}) }
}

/** `docker-credential-NAME get` is asked for each spelling; "not found" is no error. */
async function askHelper(
  helper: string,
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper))
    throw new ParapetError('OCI_CREDENTIALS', `\`${helper}\` cannot name a credential helper`)
  for (const name of names) {
    const { code, stdout } = await run(`docker-credential-${helper}`, name, env)
    if (code !== 0) continue
    const { Username, Secret } = objectOf(JSON.parse(stdout))
    const [username, secret] = [textOf(Username), textOf(Secret)]
    if (username === '<token>' && secret)
      return { username: '', password: '', identityToken: secret }
    if (username !== null && secret !== null) return { username, password: secret }
  }
  return undefined
}

function run(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: HELPER_MS_MAX,
    })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.on('error', (cause) =>
      reject(
        new ParapetError('OCI_CREDENTIALS', `the credential helper \`${program}\` cannot be run`, {
          help: 'install it, or log in without it',
          cause,
        }),
      ),
    )
    child.on('close', (code) => resolve({ code, stdout }))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
