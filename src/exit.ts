/**
 * Exit codes, the same in every verb. When several apply the higher line wins:
 * `interrupted` before `unanswered` before `bad` before `ok`.
 */
export const exit = {
  /** Answered, and nothing bad was found. */
  ok: 0,
  /** Answered, and the answer is bad: findings at or above `--fail-on`, failed tests, a bad signature. */
  bad: 1,
  /** Could not answer, or not wholly: usage, unreadable or malformed input, a part missing. */
  unanswered: 2,
  /** Interrupted by the user. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exit)[keyof typeof exit]
