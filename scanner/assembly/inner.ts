/**
 * True where a text of a line that is one plain object may begin like a JSON object or array, blanks
 * left out. Inside of the object a bracket opens behind a colon, a comma or another bracket; what stands
 * before the beginning of such a text is a quote, or a blank, which may be spelled as an escape.
 */
export function mayHoldJson(line: u32, end: u32): bool {
  let at = line
  while (load<u8>(at) != 0x7b) at++
  for (at++; at < end; at += 16) {
    const v = v128.load(at)
    const before = v128.load(at - 1)
    const opens = v128.or(i8x16.eq(v, i8x16.splat(0x7b)), i8x16.eq(v, i8x16.splat(0x5b)))
    const structural = v128.or(
      v128.or(i8x16.eq(before, i8x16.splat(0x3a)), i8x16.eq(before, i8x16.splat(0x2c))),
      i8x16.eq(before, i8x16.splat(0x5b)),
    )
    const rest = end - at
    const inside: i32 = rest < 16 ? (1 << rest) - 1 : 0xffff
    if ((i8x16.bitmask(v128.andnot(opens, structural)) & inside) != 0) return true
  }
  return false
}
