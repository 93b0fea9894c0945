import { describe, expect, test } from 'vitest'
import { cli, folder } from '../support/cli.ts'
import {
  type Alert,
  answerOf,
  eventName,
  rulesOf,
  titleOf,
  vectors,
  wantedAnswer,
} from './vector-tools.ts'

describe('through the command line', () => {
  test.each(vectors.map((vector, i) => [i, titleOf(vector), vector] as const))(
    'vector %i: %s',
    async (_, __, vector) => {
      const cwd = folder({ 'r.yaml': rulesOf(vector), 'e.jsonl': vector.events.join('\n') })
      const mode = vector.mode ?? 'all'
      const flags = `--falco r.yaml --rule-matching ${mode} --every-stage --no-redact --fail-on none`
      const run = await cli(['scan', ...flags.split(' '), '--format', 'jsonl', 'e.jsonl'], { cwd })
      if (vector.error !== undefined) {
        expect(run.code).toBe(2)
        expect(run.json()).toMatchObject([{ error: { code: vector.error } }])
        return
      }
      const alerts = run.json().map((finding): Alert => {
        const place = (finding['line'] as number) - 1
        return { ...(finding as unknown as Alert), event: eventName(vector.events[place]!, place) }
      })
      expect(answerOf(vector, alerts)).toEqual(wantedAnswer(vector))
      expect(run.code).toBe(0)
    },
  )
})
