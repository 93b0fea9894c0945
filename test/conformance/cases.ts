import { describe, expect, test } from 'vitest'
import { exceptions } from './exceptions.ts'
import { judge } from './judge.ts'
import { readSuite } from './suite.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What the reporter counts; the test itself fails only where the list of exceptions is wrong. */
    verdict?: Verdict
  }
}

export interface Verdict {
  readonly name: string
  /** Why the case does not hold; undefined where it does. */
  readonly reason: string | undefined
  /** Why it cannot hold in WASM. */
  readonly exception: string | undefined
}

/** Defines one of `count` equal shares of the suite as tests, so that several processes take part. */
export function defineShare(share: number, count: number): void {
  const cases = readSuite().filter((_, index) => index % count === share)
  describe('OPA conformance', () => {
    test.for(cases)('$file: $note', async (item, { task }) => {
      const reason = await judge(item)
      const exception = exceptions[item.note]
      task.meta.verdict = { name: `${item.file}: ${item.note}`, reason, exception }
      if (exception === undefined) expect(reason).toBeUndefined()
      else expect(reason, 'stands among the exceptions and passes').toBeDefined()
    })
  })
}
