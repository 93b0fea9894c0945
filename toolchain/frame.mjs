// The message format between host and module, and of cache entries: a uint32 count, a uint32 length
// for each part, then the parts; little-endian. See frame.go.

/** Bytes that a message of these parts takes. */
export function frameSize(parts) {
  return parts.reduce((size, part) => size + part.length, 4 + 4 * parts.length)
}

/** Writes a message into a target of exactly its size. */
export function pack(parts, target) {
  const view = new DataView(target.buffer, target.byteOffset, target.length)
  view.setUint32(0, parts.length, true)
  let offset = 4 + 4 * parts.length
  for (const [i, part] of parts.entries()) {
    view.setUint32(4 + 4 * i, part.length, true)
    target.set(part, offset)
    offset += part.length
  }
}

/** Copies the parts out of a message; throws a RangeError when it is cut short or has a rest. */
export function unpack(message) {
  const view = new DataView(message.buffer, message.byteOffset, message.length)
  const count = view.getUint32(0, true)
  let offset = 4 + 4 * count
  if (offset > message.length) throw new RangeError('malformed frame')
  const parts = Array.from({ length: count }, (_, i) => {
    const start = offset
    offset += view.getUint32(4 + 4 * i, true)
    return message.slice(start, offset)
  })
  if (offset !== message.length) throw new RangeError('malformed frame')
  return parts
}
