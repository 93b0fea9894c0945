import { MALFORMED, prove, provedEvent, TOO_DEEP } from '../../audit/prove.ts'
import type { ProvedEvent } from '../../audit/proved.ts'
import { EventSplitter } from '../../audit/split.ts'
import { ParapetError } from '../../text/error.ts'
import { type InputOptions, openInputs } from './inputs.ts'

/** An event and where it was read. */
export interface PlacedEvent {
  readonly file: string
  readonly line: number
  /** Valid until the next event is visited. */
  readonly bytes: ProvedEvent
}

/**
 * Reads all events of a log, in any of the forms that a scan takes.
 *
 * @throws ParapetError for an input that cannot be read, or the first line that is no event.
 */
export async function visitEvents(
  input: string,
  options: InputOptions,
  visit: (event: PlacedEvent) => void,
): Promise<void> {
  const { inputs } = await openInputs([input], options)
  for (const each of inputs) {
    const file = each.name
    const splitter = new EventSplitter(
      {
        event(bytes, start, end, line) {
          if ((prove(bytes, start, end) & (MALFORMED | TOO_DEEP)) !== 0) {
            throw new ParapetError('EVENT_MALFORMED', 'this is no JSON object', { file, line })
          }
          visit({ file, line, bytes: provedEvent(bytes, start, end) })
        },
        malformed({ code, reason, line, help }) {
          throw new ParapetError(code, reason, { file, line, ...(help ? { help } : {}) })
        },
      },
      { file },
    )
    for await (const chunk of each.chunks()) splitter.push(chunk)
    splitter.end()
  }
}
