/** Bytes that a message of these parts takes. */
export function frameSize(parts: readonly Uint8Array[]): number
/** Writes a message into a target of exactly its size. */
export function pack(parts: readonly Uint8Array[], target: Uint8Array): void
/** Copies the parts out of a message; throws a RangeError when it is cut short or has a rest. */
export function unpack(message: Uint8Array): Uint8Array<ArrayBuffer>[]
