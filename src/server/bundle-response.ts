import { includesTag, parseTags, type TagList } from './etag.ts'
import { parsePrefer, type Preferences } from './prefer.ts'
import type { Publication, Revision } from './publication.ts'
import { parseRange } from './range.ts'

/** OPA takes long polling for supported only if this is, to the letter, the type of the answer. */
const BUNDLE_TYPE = 'application/vnd.openpolicyagent.bundles'

/**
 * Answers GET and HEAD for a bundle: the archive or a part of it, 304 where the client has it, held
 * back until there is something new where the client would rather wait. `onSent` hears of archives.
 */
export async function bundleResponse(
  request: Request,
  publication: Publication,
  onSent: (kind: 'snapshot' | 'delta') => void = () => {},
): Promise<Response> {
  const known = parseTags(request.headers.get('if-none-match'))
  const preferences = parsePrefer(request.headers.get('prefer'))
  const revision = await revisionFor(request, publication, known, preferences)
  if (!revision) return unavailable()
  if (includesTag(known, revision.etag)) return notModified(revision)
  const delta =
    preferences.delta && !request.headers.has('range') ? deltaOf(publication, known) : undefined
  onSent(delta ? 'delta' : 'snapshot')
  if (delta) return whole(request, delta, revision.etag)
  return rangeOf(request, revision)
}

/** Only somebody who says what he has waits for something else. */
async function revisionFor(
  request: Request,
  publication: Publication,
  known: TagList,
  { wait }: Preferences,
): Promise<Revision | undefined> {
  const isUpToDate = publication.current && includesTag(known, publication.current.etag)
  const isWaiting = wait !== undefined && wait > 0 && (isUpToDate || !publication.current)
  if (request.method === 'HEAD' || !isWaiting) return publication.current
  const options = { ms: wait * 1000, signal: request.signal }
  return (await publication.changed(known, options)) ?? publication.current
}

/** OPA names its current revision first, then those that it replaced. */
function deltaOf(publication: Publication, known: TagList): Uint8Array | undefined {
  const [first] = known.tags
  return first === undefined ? undefined : publication.deltaFrom(first)
}

function rangeOf(request: Request, revision: Revision): Response {
  const { bytes, etag } = revision
  const condition = request.headers.get('if-range')
  const isSame = condition === null || condition === etag
  const range = isSame ? parseRange(request.headers.get('range'), bytes.length) : 'whole'
  if (range === 'whole') return whole(request, bytes, etag)
  if (range === 'unsatisfiable')
    return new Response(null, {
      status: 416,
      headers: { ...common(etag), 'content-range': `bytes */${bytes.length}` },
    })
  const part = bytes.subarray(range.start, range.end + 1)
  const headers = {
    ...common(etag),
    'content-type': BUNDLE_TYPE,
    'content-length': String(part.length),
    'content-range': `bytes ${range.start}-${range.end}/${bytes.length}`,
  }
  return new Response(request.method === 'HEAD' ? null : body(part), { status: 206, headers })
}

function whole(request: Request, bytes: Uint8Array, etag: string): Response {
  const headers = {
    ...common(etag),
    'content-type': BUNDLE_TYPE,
    'content-length': String(bytes.length),
  }
  return new Response(request.method === 'HEAD' ? null : body(bytes), { status: 200, headers })
}

function notModified({ etag }: Revision): Response {
  return new Response(null, { status: 304, headers: common(etag) })
}

/** The first revision was never good enough to be served. */
function unavailable(): Response {
  return new Response('no revision of this bundle is ready\n', {
    status: 503,
    headers: { 'retry-after': '5', 'content-type': 'text/plain; charset=utf-8' },
  })
}

function common(etag: string): Record<string, string> {
  return {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    vary: 'Authorization, Prefer',
  }
}

/** A view into the archive; nothing is copied. */
function body(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
