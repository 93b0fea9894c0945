import { Readable } from 'node:stream'
import { ParapetError } from '../../text/error.ts'
import { visitEvents } from './falco-events.ts'

/**
 * The events of a request of a log, in their order.
 * @throws ParapetError `REQUEST_NOT_FOUND`, and for a log that cannot be read
 */
export async function readRequest(
  log: string,
  auditID: string,
  cwd: string,
): Promise<readonly Uint8Array[]> {
  const events = (await readRequests(log, new Set([auditID]), cwd)).get(auditID)
  if (events) return events
  throw new ParapetError('REQUEST_NOT_FOUND', `no event has the auditID \`${auditID}\``, {
    file: log,
    help: 'take the `auditID` of a finding, as `parapet scan --format jsonl` prints it',
  })
}

/** The events of some requests of a log, by auditID. */
export async function readRequests(
  log: string,
  auditIDs: ReadonlySet<string>,
  cwd: string,
): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const found = new Map<string, Uint8Array[]>()
  const sought = [...auditIDs].map((auditID) => Buffer.from(JSON.stringify(auditID)))
  await visitEvents(log, { cwd, stdin: Readable.from([]) }, ({ bytes }) => {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    // Few events hold one of the texts anywhere, and only those are parsed.
    if (!sought.some((auditID) => view.includes(auditID))) return
    const { auditID } = JSON.parse(view.toString()) as { auditID?: unknown }
    if (typeof auditID !== 'string' || !auditIDs.has(auditID)) return
    found.set(auditID, [...(found.get(auditID) ?? []), new Uint8Array(bytes)])
  })
  return found
}
