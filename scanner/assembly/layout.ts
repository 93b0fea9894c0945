// Addresses and records shared with the TypeScript side (src/audit/scanner/memory.ts reads the
// exported constants). Everything is a plain 32-bit word; there is no allocator on this side.

/** 17 masks of 16 bytes: the first n bytes are ones. */
export const MASKS: u32 = 0x400
/** The state in which every line begins; and the one for reading a line again, for other values. */
export const START: u32 = 0x600
export const START_AGAIN: u32 = 0x610
/** How many lines the last scan went through. */
export const LINES: u32 = 0x5f0
/** Where the watched values of the current line stand: pairs of start and end, one for each slot. */
export const SLOTS: u32 = 0x800
export const SLOTS_MAX: u32 = 128
/** The same for reading a line again. */
export const SLOTS_AGAIN: u32 = 0xc00
/** Containers that `containerEnd` has open: the object's number, 0 for an array. */
export const OPEN: u32 = 0x1000
/** Deepest nesting inside of one container that is skipped; deeper is in doubt. */
export const OPEN_MAX: u32 = 200
/** Names seen in the objects of one skipped container: pairs of generation and hash. */
export const NAMES: u32 = 0x2000
export const NAMES_SLOTS: u32 = 8192
/** Remembered classes of values: hash, feature and length, address of the bytes, class. */
export const MEMO: u32 = 0x20000
export const MEMO_ENTRIES: u32 = 131072
/** The bytes of remembered values. */
export const MEMO_BYTES: u32 = 0x220000
export const MEMO_BYTES_END: u32 = 0x620000
/** From here on the other side places states, transitions, features and nodes, and the input. */
export const FREE: u32 = 0x620000

/** What follows a separator. Field of a state. */
export const KIND_STRING: u32 = 0
export const KIND_NUMBER: u32 = 1
/** A container that is checked but not learned. */
export const KIND_CONTAINER: u32 = 2
/** Nothing: the separator was cut in two. */
export const KIND_NOTHING: u32 = 3
/** The line is over. */
export const KIND_END: u32 = 4

// A state: its first transition (0: none), its kind.
export const STATE_FIRST: u32 = 0
export const STATE_KIND: u32 = 4
// A transition: the next alternative (0: none), the literal's length in bytes, the state that it
// leads to, its actions (0: none), the literal, padded to whole vectors.
export const TRANSITION_NEXT: u32 = 0
export const TRANSITION_LENGTH: u32 = 4
export const TRANSITION_TARGET: u32 = 8
export const TRANSITION_ACTIONS: u32 = 12
export const TRANSITION_LITERAL: u32 = 16
// Actions: how many, then pairs: where to store (half of a slot), and the offset in the literal whose
// address is stored.
export const ACTIONS_FIRST: u32 = 4
export const ACTION_SIZE: u32 = 8

/** Classes that every feature has: the value is absent; nothing is known about it. */
export const CLASS_ABSENT: u32 = 0
export const CLASS_UNKNOWN: u32 = 1

// A feature: its kind, the slot's address, its number, the root of its prefixes; for FEATURE_SOME
// also the class of an empty array, and the table of classes after one more element.
export const FEATURE_KIND: u32 = 0
export const FEATURE_SLOT: u32 = 4
export const FEATURE_NUMBER: u32 = 8
export const FEATURE_ROOT: u32 = 12
export const FEATURE_EMPTY: u32 = 16
export const FEATURE_TABLE: u32 = 20
export const FEATURE_WIDTH: u32 = 24
/** The class follows from which of a set of texts the value begins with. */
export const FEATURE_PREFIX: u32 = 0
/** The same for each element of an array, put together. */
export const FEATURE_SOME: u32 = 1
/** The class is asked for once for each distinct value. */
export const FEATURE_MEMO: u32 = 2

// A node of the tree of prefixes: the class of what ends here, children by next byte (0: none), the
// length of the edge that leads here behind that byte, the first byte that has a child and how many
// bytes there are up to the last one, the edge's bytes, padded.
export const PREFIX_CLASS: u32 = 0
export const PREFIX_ROW: u32 = 4
export const PREFIX_LENGTH: u32 = 8
export const PREFIX_FIRST: u32 = 12
export const PREFIX_COUNT: u32 = 14
export const PREFIX_EDGE: u32 = 16

// A decision: the feature that it asks for (0: decided), the answer, the size of its table, and the
// next decision for each class (0: not known yet).
export const NODE_FEATURE: u32 = 0
export const NODE_ANSWER: u32 = 4
export const NODE_SIZE: u32 = 8
export const NODE_TABLE: u32 = 12

// A step of a projection: what it does, the address and length of a text that it writes, and the
// slot whose value it writes behind it.
export const STEP_KIND: u32 = 0
export const STEP_TEXT: u32 = 4
export const STEP_LENGTH: u32 = 8
export const STEP_SLOT: u32 = 12
export const STEP_SIZE: u32 = 16
/** The projection is complete. */
export const STEP_DONE: u32 = 0
/** Begins an object. */
export const STEP_OPEN: u32 = 1
/** Writes a member, where there is one. */
export const STEP_VALUE: u32 = 2
/** Ends an object. */
export const STEP_CLOSE: u32 = 3
/** Writes its text alone, where there is such a member. */
export const STEP_PRESENCE: u32 = 4
