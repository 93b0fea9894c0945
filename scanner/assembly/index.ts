// The scanner's inner loop, in AssemblyScript (TypeScript's syntax, compiled to WebAssembly with
// SIMD by `npm run build`). The design is told in src/audit/scanner/scanner.ts.

import { containerEnd } from './container'
import { answerOf } from './decide'
import { candidate, doubt, learn } from './host'
import {
  ACTION_SIZE,
  ACTIONS_FIRST,
  KIND_CONTAINER,
  KIND_END,
  KIND_NOTHING,
  KIND_NUMBER,
  KIND_STRING,
  LINES,
  MASKS,
  SLOTS,
  SLOTS_AGAIN,
  SLOTS_MAX,
  START,
  START_AGAIN,
  STATE_FIRST,
  STATE_KIND,
  TRANSITION_ACTIONS,
  TRANSITION_LENGTH,
  TRANSITION_LITERAL,
  TRANSITION_NEXT,
  TRANSITION_TARGET,
} from './layout'
import { clearHigh, equals, escapeEnd, high, isUtf8, marks, numberEnd } from './text'

export { forgetValues } from './decide'
export { mayHoldJson } from './inner'
export { project } from './project'
export * from './layout'

/** Must be called once, before anything else. */
export function initialise(): void {
  for (let n: u32 = 0; n <= 16; n++) memory.fill(MASKS + (n << 4), 0xff, n)
}

/**
 * Goes through whole lines: the bytes from `at` to `end`, the last of which is a line feed; 32 more
 * may be read. The first decision is `root`. The address behind the last line that was looked at;
 * their number is at LINES.
 */
export function scan(at: u32, end: u32, root: u32): u32 {
  memory.fill(SLOTS, 0, SLOTS_MAX << 3)
  memory.fill(SLOTS_AGAIN, 0, SLOTS_MAX << 3)
  let index: u32 = 0
  let more: u32 = 1
  while (at < end && more != 0) {
    const last = lineEnd(at, START)
    if (last == 0) {
      const feed = feedAt(at)
      more = doubt(at, feed, index)
      at = feed + 1
    } else {
      const answer = answerOf(root, at)
      if (answer != 0) candidate(at, last - 1, index, answer)
      at = last
    }
    index++
  }
  store<u32>(LINES, index)
  return at
}

/** Reads a line again, which was proved before, to find other values; false where it is in doubt now. */
export function again(line: u32): bool {
  return lineEnd(line, START_AGAIN) != 0
}

/**
 * The address behind the line feed of a line that is one plain object, whose watched values stand
 * in the slots now; 0 for any other line.
 */
function lineEnd(line: u32, start: u32): u32 {
  let at = line
  let state = start
  let seen = i8x16.splat(0)
  clearHigh()
  while (true) {
    let transition = load<u32>(state, STATE_FIRST)
    let before: u32 = 0
    let tried: u32 = 0
    while (true) {
      if (transition == 0) {
        transition = learn(state, at, line)
        if (transition == 0) return 0
        break
      }
      const length = load<u32>(transition, TRANSITION_LENGTH)
      if (
        equals(at, transition + TRANSITION_LITERAL, length) &&
        begins(load<u32>(load<u32>(transition, TRANSITION_TARGET), STATE_KIND), at + length)
      ) {
        if (tried > SEARCH_LONG) moveToFront(state, transition, before)
        break
      }
      before = transition
      tried++
      transition = load<u32>(transition, TRANSITION_NEXT)
    }
    const actions = load<u32>(transition, TRANSITION_ACTIONS)
    if (actions != 0) perform(actions, at)
    at += load<u32>(transition, TRANSITION_LENGTH)
    state = load<u32>(transition, TRANSITION_TARGET)
    const kind = load<u32>(state, STATE_KIND)
    if (kind == KIND_STRING) {
      while (true) {
        const v = v128.load(at)
        
        const m = marks(v)
        seen = v128.or(seen, v)
        if (m == 0) {
          at += 16
          continue
        }
        at += ctz(m)
        const byte = load<u8>(at)
        if (byte == 0x22) break
        if (byte != 0x5c) return 0
        at = escapeEnd(at)
        if (at == 0) return 0
      }
    } else if (kind == KIND_NUMBER) {
      at = numberEnd(at)
      if (at == 0) return 0
    } else if (kind == KIND_END) {
      const ascii = i8x16.bitmask(v128.or(seen, high)) == 0
      return ascii || isUtf8(line, at) ? at : 0
    } else if (kind != KIND_NOTHING) {
      at = containerEnd(at)
      if (at == 0) return 0
    }
  }
}

/** Alternatives tried before the right one is moved to the front. */
const SEARCH_LONG: u32 = 3

function moveToFront(state: u32, transition: u32, before: u32): void {
  store<u32>(before, load<u32>(transition, TRANSITION_NEXT), TRANSITION_NEXT)
  store<u32>(transition, load<u32>(state, STATE_FIRST), TRANSITION_NEXT)
  store<u32>(state, transition, STATE_FIRST)
}

/**
 * True where a value of this kind can begin at `at`. Needed where the literal does not say so: `,`
 * leads to a number as well as to `true`.
 */
// @ts-ignore: decorator
@inline
function begins(kind: u32, at: u32): bool {
  if (kind != KIND_NUMBER && kind != KIND_CONTAINER) return true
  const byte = <u32>load<u8>(at)
  if (kind == KIND_CONTAINER) return byte == 0x7b || byte == 0x5b
  return byte == 0x2d || byte - 0x30 < 10
}

// @ts-ignore: decorator
@inline
function perform(actions: u32, at: u32): void {
  const count = load<u32>(actions)
  let action = actions + ACTIONS_FIRST
  const end = action + count * ACTION_SIZE
  for (; action < end; action += ACTION_SIZE) {
    store<u32>(load<u32>(action), at + load<u32>(action, 4))
  }
}

/** The address of the next line feed. */
function feedAt(at: u32): u32 {
  while (true) {
    const m = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0x0a)))
    if (m != 0) return at + ctz(m)
    at += 16
  }
}
