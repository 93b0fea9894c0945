/** Query parameters the way the k8saudit plugin reads them: Go's net/url, with its refusals. */

/**
 * The first value of a query parameter, decoded, as a byte string. Undefined where it is not there,
 * and where Go refuses the URI or any part of the query: then no parameter can be read.
 */
export function uriParameter(uri: string, name: string): string | undefined {
  const query = rawQuery(uri)
  return query === undefined ? undefined : firstValue(query, name)
}

function firstValue(query: string, name: string): string | undefined {
  let found: string | undefined
  for (const pair of query.split('&')) {
    if (pair.includes(';')) return undefined
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const key = unescape(equals < 0 ? pair : pair.slice(0, equals), true)
    const value = unescape(equals < 0 ? '' : pair.slice(equals + 1), true)
    if (key === undefined || value === undefined) return undefined
    if (key === name) found ??= value
  }
  return found
}

/** What stands between `?` and `#`; undefined where Go does not parse the URI. */
function rawQuery(uri: string): string | undefined {
  // oxlint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]/.test(uri)) return undefined
  const [beforeFragment, fragment] = cut(uri, '#')
  if (fragment !== undefined && unescape(fragment) === undefined) return undefined
  const scheme = schemeOf(beforeFragment)
  if (scheme === undefined) return undefined
  const [path, query = ''] = cut(beforeFragment.slice(scheme === '' ? 0 : scheme.length + 1), '?')
  return isPath(path, scheme) ? query : undefined
}

/** Empty without a scheme; undefined for `:…`, where one is missing. */
function schemeOf(uri: string): string | undefined {
  if (uri.startsWith(':')) return undefined
  return /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(uri)?.[1] ?? ''
}

function isPath(path: string, scheme: string): boolean {
  if (path === '' || path === '*') return true
  if (!path.startsWith('/')) {
    if (scheme !== '') return true
    return !path.split('/')[0]!.includes(':') && unescape(path) !== undefined
  }
  if (!path.startsWith('//') || (scheme === '' && path.startsWith('///'))) {
    return unescape(path) !== undefined
  }
  const slash = path.indexOf('/', 2)
  const authority = slash < 0 ? path.slice(2) : path.slice(2, slash)
  return isAuthority(authority) && unescape(slash < 0 ? '' : path.slice(slash)) !== undefined
}

/** Only `%25` and escapes of bytes beyond ASCII may stand in a host. */
const HOST = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"]|[\x80-\xff]|%(?:[89a-fA-F][0-9a-fA-F]|25))*$/

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@')
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) return false
  if (at >= 0 && unescape(authority.slice(0, at)) === undefined) return false
  const host = authority.slice(at + 1)
  const colon = host.startsWith('[') ? host.indexOf(']') + 1 : host.lastIndexOf(':')
  if (host.startsWith('[') && colon === 0) return false
  const port = colon < 0 ? '' : host.slice(colon)
  if (!/^(?::[0-9]*)?$/.test(port)) return false
  return HOST.test(host)
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** Undefined where a `%` has no two hex digits behind it. */
function unescape(text: string, plusIsBlank = false): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined
  const spaced = plusIsBlank ? text.replaceAll('+', ' ') : text
  return spaced.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
