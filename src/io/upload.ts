import { AwsClient } from 'aws4fetch'
import { digestOf } from '../bundle/oci/artifact.ts'
import { ParapetError } from '../text/error.ts'
import { OCI_REQUEST_MS_MAX } from '../text/limits.ts'

export interface UploadOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
}

const TYPE = 'application/gzip'

/**
 * Puts a bundle where OPA polls it without a bundle server: on an HTTP server that takes PUT (a
 * bearer token in `PARAPET_UPLOAD_TOKEN`), or in a bucket of S3 or its like (`AWS_…`,
 * `AWS_ENDPOINT_URL_S3` for others). Returns the digest.
 * @throws {ParapetError} `UPLOAD_TARGET`, `UPLOAD_CREDENTIALS`, `UPLOAD_FAILED`
 */
export async function upload(
  bytes: Uint8Array,
  target: string,
  options: UploadOptions,
): Promise<string> {
  const url = URL.canParse(target) ? new URL(target) : undefined
  const body = bytes as Uint8Array<ArrayBuffer>
  if (url?.protocol === 's3:') await put(await signedRequest(url, body, options), target, options)
  else if (url?.protocol === 'https:' || url?.protocol === 'http:') {
    const token = options.env['PARAPET_UPLOAD_TOKEN']
    const headers = { 'content-type': TYPE, ...(token ? { authorization: `Bearer ${token}` } : {}) }
    await put(new Request(url, { method: 'PUT', body, headers }), target, options)
  } else {
    throw new ParapetError('UPLOAD_TARGET', `\`${target}\` is no place to push to`, {
      help: 'give oci://…, https://… or s3://bucket/key',
    })
  }
  return digestOf(bytes)
}

async function signedRequest(
  url: URL,
  body: Uint8Array<ArrayBuffer>,
  { env }: UploadOptions,
): Promise<Request> {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']]
  if (!accessKeyId || !secretAccessKey)
    throw new ParapetError('UPLOAD_CREDENTIALS', 'there are no credentials for the bucket', {
      help: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    })
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1'
  const sessionToken = env['AWS_SESSION_TOKEN']
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
    retries: 0,
    ...(sessionToken ? { sessionToken } : {}),
  })
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']
  const key = url.pathname.slice(1)
  if (!url.host || !key)
    throw new ParapetError('UPLOAD_TARGET', `\`${url}\` names no bucket or no key`, {
      help: 'write it as s3://bucket/path/bundle.tar.gz',
    })
  // Endpoints of others rarely have a name for each bucket.
  const address = endpoint
    ? `${endpoint.replace(/\/$/, '')}/${url.host}/${key}`
    : `https://${url.host}.s3.${region}.amazonaws.com/${key}`
  return client.sign(address, { method: 'PUT', body, headers: { 'content-type': TYPE } })
}

async function put(request: Request, target: string, { signal }: UploadOptions): Promise<void> {
  const timeout = AbortSignal.timeout(OCI_REQUEST_MS_MAX)
  const response = await fetch(request, {
    signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
  }).catch((cause: Error) => {
    throw new ParapetError(
      'UPLOAD_FAILED',
      `\`${target}\` cannot be reached: ${String((cause.cause as Error | undefined)?.message ?? cause.message)}`,
      { cause },
    )
  })
  await response.body?.cancel()
  if (!response.ok)
    throw new ParapetError(
      'UPLOAD_FAILED',
      `\`${target}\` was refused with status ${response.status}`,
      { help: 'check the address and what the account may do' },
    )
}
