// What the TypeScript side answers. All of it is rare: new separators, new values, new combinations.

/**
 * Reads the separator at `at`, which no transition from `state` matches, and adds one. The
 * transition's address; 0 where the line is not a plain event.
 */
// @ts-ignore: decorator
@external('host', 'learn')
export declare function learn(state: u32, at: u32, line: u32): u32

/** The class of a value that is not remembered. */
// @ts-ignore: decorator
@external('host', 'classify')
export declare function classify(feature: u32, start: u32, end: u32): u32

/** The class of an array whose elements so far have `before`, and that has one more. */
// @ts-ignore: decorator
@external('host', 'combine')
export declare function combine(feature: u32, before: u32, element: u32): u32

/** The decision after `node` for a value of this class. */
// @ts-ignore: decorator
@external('host', 'decide')
export declare function decide(node: u32, valueClass: u32): u32

/** A line that is one plain event, and whose decision is not 0. */
// @ts-ignore: decorator
@external('host', 'candidate')
export declare function candidate(line: u32, end: u32, index: u32, answer: u32): void

/** A line that was not proved to be one plain event. 0 where the scan must not go on behind it. */
// @ts-ignore: decorator
@external('host', 'doubt')
export declare function doubt(line: u32, end: u32, index: u32): u32
