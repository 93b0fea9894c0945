/** Every bound in Parapet has a name and a unit, and stands here. */

const KiB = 1024
const MiB = 1024 * KiB

/** Longest line, list item or single event that an audit reader accepts, in bytes. */
export const EVENT_BYTES_MAX: number = 16 * MiB
/** Deepest nesting of arrays and objects in an event. Kubernetes objects stay under 40. */
export const EVENT_DEPTH_MAX: number = 256
/** A policy's WASM memory, which never shrinks, is given up after an event that made it larger than this, in bytes. */
export const INSTANCE_MEMORY_BYTES_MAX: number = 32 * MiB
/** Inputs above this size are evaluated in a WASM memory of their own, in bytes. */
export const LARGE_INPUT_BYTES: number = 256 * KiB
/** After so many smaller inputs in a row the memory for large ones is given up. */
export const LARGE_MEMORY_KEPT_INPUTS: number = 1000
/** Most values that one call of a builtin may answer with. */
export const BUILTIN_VALUES_MAX: number = 2_000_000
/** Compiled patterns that regex builtins remember. */
export const REGEX_PATTERNS_KEPT: number = 100
/** Default cap of one policy's WASM memory, in bytes (`--max-memory`). */
export const POLICY_MEMORY_BYTES_MAX: number = 512 * MiB
/** auditIDs remembered for deduplication (`--dedup-window`). */
export const DEDUP_AUDIT_IDS: number = 65_536
/** Longest that an exception may hold from now on, in days. */
export const EXCEPTION_DAYS_MAX: number = 366
/** Rows of one kind of difference (rule, actor, namespace) that a backtest keeps apart. */
export const BACKTEST_ROWS_MAX: number = 10_000
/** Days that a backtest counts apart. */
export const BACKTEST_DAYS_MAX: number = 10_000
/** Malformed lines that are shown one by one before they are only counted. */
export const MALFORMED_SHOWN_MAX: number = 10
/** Largest event that Falco's k8saudit plugin accepts, in bytes. */
export const FALCO_EVENT_BYTES_MAX: number = 262_144
/** Largest policy, data or rules file that is read, in bytes. */
export const SOURCE_BYTES_MAX: number = 32 * MiB
/** Deepest nesting of a YAML text, in js-yaml's nodes. Falco's and Kubernetes' texts stay under 40. */
export const YAML_DEPTH_MAX: number = 200
/** Most nodes of a YAML text with its aliases followed. */
export const YAML_NODES_MAX: number = 1_000_000
/** Largest bundle archive that is read, in bytes of gzip. */
export const BUNDLE_ARCHIVE_BYTES_MAX: number = 128 * MiB
/** Most that a bundle archive may unpack to, in bytes; a gzip bomb stops here. */
export const BUNDLE_UNPACKED_BYTES_MAX: number = 512 * MiB
/** Most entries in a bundle archive. */
export const BUNDLE_ENTRIES_MAX: number = 65_536
/** Longest name in a bundle archive, in bytes of UTF-8. */
export const BUNDLE_NAME_BYTES_MAX: number = 1024
/** Largest extended header (pax, GNU long name) in a bundle archive, in bytes. */
export const BUNDLE_HEADER_BYTES_MAX: number = 16 * KiB
/** Deepest nesting of a JSON document in a bundle; the bound of Go's decoder, which OPA uses. */
export const JSON_DEPTH_MAX: number = 10_000
/** Longest that one call of the embedded compiler may take before its thread is stopped, in milliseconds. */
export const TOOLCHAIN_CALL_MS_MAX = 300_000
/** Memory of the embedded compiler above which an idle instance is replaced, since it never shrinks, in bytes. */
export const TOOLCHAIN_MEMORY_BYTES_MAX: number = 1024 * MiB
/** Events that are handed to the embedded evaluator in one message, in bytes. */
export const TOOLCHAIN_BATCH_BYTES_MAX: number = 8 * MiB
/** Compiled results that are kept in the cache folder. */
export const CACHE_ENTRIES_MAX = 256
/** Compiled results that are kept in the cache folder, in bytes. */
export const CACHE_BYTES_MAX: number = 256 * MiB
/** Most files that one policy folder may hold. */
export const POLICY_FILES_MAX = 20_000
/** Largest policy folder that is read, in bytes of its files. */
export const POLICY_BYTES_MAX: number = 256 * MiB
/** Longest number in an event, in bytes. Decimal arithmetic on longer ones is not linear. */
export const NUMBER_BYTES_MAX: number = 1024
/** Most significant digits of a number's exponent in an event: OPA refuses numbers near 1e30103. */
export const EXPONENT_DIGITS_MAX: number = 4
/** Deepest nesting that is followed to find where a JSON document ends; deeper ones are skipped by lines. */
export const STRUCTURE_DEPTH_MAX: number = 65_536
/** Bytes at the beginning of an input that decide whether it is text. */
export const SNIFF_BYTES: number = 4096
/** A broken document is read again from its second line when it broke within this many lines. */
export const REREAD_LINES_MAX = 8
/** How much is read from a file at once, in bytes. */
export const READ_BYTES: number = 512 * KiB
/** How much of a gzip file is unpacked at once, in bytes; bounds what a gzip bomb can unpack to. */
export const GUNZIP_BYTES: number = 16 * KiB
/** Longest file name, comment or extra field in a gzip header, in bytes. */
export const GZIP_FIELD_BYTES_MAX: number = 64 * KiB
/** Deepest tree of a Falco condition, macros expanded; Falco's own rules stay under 20. */
export const CONDITION_DEPTH_MAX: number = 1000
/** Deepest nesting of transformers in a Falco condition. */
export const TRANSFORMER_DEPTH_MAX: number = 100
/** Largest file that is read as a key, in bytes. */
export const KEY_BYTES_MAX: number = 64 * KiB
/** Longest that the bundle server holds a long poll, in seconds. */
export const SERVE_WAIT_SECONDS_MAX: number = 600
/** Largest body that the bundle server takes, in bytes as sent. */
export const SERVE_BODY_BYTES_MAX: number = 8 * MiB
/** Most that such a body may unpack to, in bytes. */
export const SERVE_UNPACKED_BYTES_MAX: number = 64 * MiB
/** Largest request head that the bundle server takes, in bytes. */
export const SERVE_HEAD_BYTES_MAX: number = 16 * KiB
/** Connections that the bundle server keeps open at a time. */
export const SERVE_CONNECTIONS_MAX: number = 4096
/** Time in which a request's head, and then its body, must have arrived, in milliseconds. */
export const SERVE_REQUEST_MS_MAX: number = 15_000
/** Idle time after which a kept connection is closed, in milliseconds. */
export const SERVE_IDLE_MS_MAX: number = 75_000
/** Time that open requests are given when the server ends, in milliseconds. */
export const SERVE_GRACE_MS_MAX: number = 10_000
/** Servers whose status is remembered; the one heard of longest ago is forgotten first. */
export const SERVE_CLIENTS_MAX: number = 10_000
/** Tags of one `If-None-Match` that are compared. OPA sends nine at most. */
export const SERVE_TAGS_MAX: number = 64
/** Earlier revisions of a bundle that deltas are made from. */
export const SERVE_REVISIONS_KEPT: number = 8
/** Most nodes of a Falco condition's tree with its macros expanded. */
export const CONDITION_NODES_MAX: number = 100_000
/** Longest text of a Falco condition with its lists put in, in UTF-16 units. */
export const CONDITION_CHARS_MAX: number = 8 * MiB
/** Time between two looks at the files of served bundles, in milliseconds. */
export const SERVE_LOOK_MS: number = 100
/** Largest manifest that is taken from a registry, in bytes; registries take no larger ones. */
export const OCI_MANIFEST_BYTES_MAX: number = 4 * MiB
/** Largest layer that is taken from a registry, in bytes. */
export const OCI_BLOB_BYTES_MAX: number = 128 * MiB
/** Longest that a registry may take to answer, in milliseconds. */
export const OCI_REQUEST_MS_MAX: number = 60_000
/** Steps of OPA's partial evaluation for one rule; the built-in guardrails take a few hundred. */
export const PARTIAL_STEPS_MAX = 100_000
/** Between two looks at the files that are tested, in milliseconds; one that changed must rest as long. */
export const WATCH_LOOK_MS = 50
/** Mutants that are made of one guardrail. */
export const MUTANTS_MAX = 500
/** Steps of OPA's evaluation of one mutant on one event, or of all at once as many for each. */
export const MUTANT_STEPS_MAX = 100_000
/** Steps of reading one guardrail's residual; beyond, the guardrail is opaque. */
export const RESIDUAL_STEPS_MAX = 200_000
/** Steps for one statement of a guardrail's own rules; beyond, the statement is opaque. */
export const RESIDUAL_STATEMENT_STEPS_MAX = 8_000
/** Ways in which one body may hold, each with conditions of its own, while a residual is read. */
export const RESIDUAL_BRANCHES_MAX = 2048
/** Literals that one statement of a guardrail's own rules may come to; beyond, it is opaque. */
export const RESIDUAL_STATEMENT_LITERALS_MAX = 400
/** Of these, most that may be opaque. */
export const RESIDUAL_STATEMENT_OPAQUE_MAX = 40
/** Longest text that an opaque literal carries, in UTF-16 units. */
export const RESIDUAL_TEXT_MAX = 200
/** Ways to say one part of a guardrail's message; what is beyond is left out. */
export const MESSAGE_CHOICES_MAX = 64
/** Literals of one residual that a bundle carries, each counted as often as it is referred to. */
export const RESIDUALS_LITERALS_MAX = 50_000
/** Deepest nesting of the literals that a bundle carries. */
export const RESIDUALS_DEPTH_MAX = 100
/** Steps for one question about Falco conditions in lint; beyond, lint says nothing. */
export const FORMULA_STEPS_MAX: number = 50_000
/** Pairs of Falco rules that are compared to find those that hide others. */
export const HIDDEN_PAIRS_MAX: number = 100_000
/** Inputs are cut into pieces of about this size for threads, in bytes. */
export const PIECE_BYTES: number = 4 * MiB
/** Findings and problems of one piece that are held in memory; a piece with more is read in its turn. */
export const PIECE_ANSWERS_MAX = 20_000
/** Threads are started for more than this, in bytes: two cores do less sooner than two threads start. */
export const WORKERS_BYTES_MIN: number = 256 * MiB
/** Most threads of a scan (`--workers`). */
export const WORKERS_MAX = 256
