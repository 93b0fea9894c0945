/** Every bound in Parapet has a name and a unit, and stands here. */

const KiB = 1024
const MiB = 1024 * KiB

/** Longest line, list item or single event that an audit reader accepts, in bytes. */
export const EVENT_BYTES_MAX: number = 16 * MiB
/** Deepest nesting of arrays and objects in an event. Kubernetes objects stay under 40. */
export const EVENT_DEPTH_MAX: number = 256
/** Events above this size are evaluated in a WASM instance that is thrown away afterwards, in bytes. */
export const RESIDENT_EVENT_BYTES_MAX: number = 256 * KiB
/** Default cap of one policy's WASM memory, in bytes (`--max-memory`). */
export const POLICY_MEMORY_BYTES_MAX: number = 512 * MiB
/** auditIDs remembered for deduplication (`--dedup-window`). */
export const DEDUP_AUDIT_IDS: number = 65_536
/** Malformed lines that are shown one by one before they are only counted. */
export const MALFORMED_SHOWN_MAX: number = 10
/** Largest event that Falco's k8saudit plugin accepts, in bytes. */
export const FALCO_EVENT_BYTES_MAX: number = 262_144
/** Largest policy, data or rules file that is read, in bytes. */
export const SOURCE_BYTES_MAX: number = 32 * MiB
