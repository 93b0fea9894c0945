declare const proved: unique symbol

/**
 * Bytes that are known to be exactly one JSON object of bounded depth, in well-formed UTF-8. Only
 * the proof makes one. A view: valid as long as the buffer behind it is.
 */
export type ProvedEvent = Uint8Array & { readonly [proved]: true }
