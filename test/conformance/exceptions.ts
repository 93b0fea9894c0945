/**
 * Cases of OPA's conformance suite that cannot hold in a policy compiled to WASM, by note, with why.
 * What they need is native in OPA's WASM, so no runtime of it can answer otherwise; OPA's own one
 * leaves out the same cases. A case that stands here and passes fails the run.
 */
export const exceptions: Readonly<Record<string, string>> = {
  'data/nested integer': 'as `data/toplevel integer`, one level down',
  'data/toplevel integer':
    '`data[2]` finds the key "2" in OPA\'s store, whose paths are texts; in WASM data is an object like any other, and 2 is not "2"',
  'jsonbuiltins/unmarshal number beyond the supported exponent is undefined':
    'json.unmarshal is native in WASM and keeps a number as its text, whatever its exponent',
  'jsonbuiltins/unmarshal number with too big an exponent is undefined':
    'json.unmarshal is native in WASM and keeps a number as its text, whatever its exponent',
  'strings/format_int: bignum exact (>64-bit integer, all bases + negative)':
    'format_int is native in WASM and aborts on integers over 64 bits, so the evaluation fails instead of answering wrong',
}
