import {
  STEP_CLOSE,
  STEP_DONE,
  STEP_KIND,
  STEP_LENGTH,
  STEP_OPEN,
  STEP_PRESENCE,
  STEP_SIZE,
  STEP_SLOT,
  STEP_TEXT,
} from './layout'

/**
 * Writes an object with some of the line's values to `out`, step by step. The object's length in
 * bytes; 0 where a value is not known.
 */
export function project(line: u32, steps: u32, out: u32): u32 {
  let at = out
  let comma = false
  let step = steps
  while (true) {
    const kind = load<u32>(step, STEP_KIND)
    if (kind == STEP_DONE) return at - out
    if (kind == STEP_CLOSE) {
      store<u8>(at++, 0x7d)
      comma = true
    } else if (kind == STEP_OPEN) {
      at = write(at, step, comma)
      comma = false
    } else {
      const slot = load<u32>(step, STEP_SLOT)
      const start = load<u32>(slot)
      // What was not found on this line was found on an earlier one, or never.
      if (start >= line) {
        const end = load<u32>(slot, 4)
        if (end <= start) return 0
        at = write(at, step, comma)
        if (kind != STEP_PRESENCE) {
          memory.copy(at, start, end - start)
          at += end - start
        }
        comma = true
      }
    }
    step += STEP_SIZE
  }
}

/** Writes the step's text, after a comma where one is due; the address behind it. */
function write(at: u32, step: u32, comma: bool): u32 {
  if (comma) store<u8>(at++, 0x2c)
  const length = load<u32>(step, STEP_LENGTH)
  memory.copy(at, load<u32>(step, STEP_TEXT), length)
  return at + length
}
