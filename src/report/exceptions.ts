import { dateFault, daysLeft } from '../engine/exception-dates.ts'
import { type Exception, MATCH_KEYS } from '../engine/exception.ts'
import { clean } from './clean.ts'
import type { Paint } from './reporter.ts'
import { countText } from './words.ts'

/** Exceptions as one JSON document, those that end first at the top. */
export function exceptionsDocument(exceptions: readonly Exception[], now: number): string {
  const rows = byEnd(exceptions).map((exception) => ({
    ...exception,
    daysLeft: daysLeft(exception.until, now),
  }))
  return `${JSON.stringify({ exceptions: rows })}\n`
}

/** The same for people. */
export function exceptionsText(
  exceptions: readonly Exception[],
  now: number,
  paint: Paint,
): string {
  if (exceptions.length === 0) return 'No exceptions\n'
  return byEnd(exceptions)
    .map(({ name, guardrail, until, reason, match }) => {
      const fault = dateFault(until, now)
      const end = fault
        ? paint('caution', fault.message)
        : `until ${until}, ${countText(daysLeft(until, now), 'day')} left`
      const what = MATCH_KEYS.flatMap((key) =>
        match[key] === undefined
          ? []
          : [`${key} ${match[key] === null ? 'none' : String(match[key])}`],
      )
      return [
        `${paint('strong', clean(name))}  ${clean(guardrail)}, ${end}\n`,
        `  ${clean(what.join(' · '))}\n`,
        `  ${paint('dim', clean(reason))}\n`,
      ].join('')
    })
    .join('\n')
}

function byEnd(exceptions: readonly Exception[]): Exception[] {
  return exceptions.toSorted((a, b) => (a.until < b.until ? -1 : Number(a.until > b.until)))
}
