/** Falco's own fields, `evt.*`, as they come out for events of the k8saudit plugin. */
import {
  clockSeconds,
  clockTime,
  dateTime,
  dateTimeSeconds,
  fraction,
  isoField,
  seconds,
} from '../event/time.ts'
import type { Extractor } from './extract.ts'

export const eventFields: Readonly<Record<string, Extractor>> = {
  number: (view) => BigInt(view.number),
  time: (view) => clockTime(view.time!),
  timeSeconds: (view) => clockSeconds(view.time!),
  timeIso: (view) => isoField(view.time!),
  dateTime: (view) => dateTime(view.time!),
  dateTimeSeconds: (view) => dateTimeSeconds(view.time!),
  rawTime: (view) => view.time,
  rawTimeSeconds: (view) => seconds(view.time!),
  rawTimeFraction: (view) => fraction(view.time!),
  relTime: (view) => view.relativeTime,
  relTimeSeconds: (view) => seconds(view.relativeTime),
  relTimeFraction: (view) => fraction(view.relativeTime),
  pluginName: () => 'k8saudit',
  compactEvent: (view) => view.root.text(),
  sourceName: () => 'k8s_audit',
  never: () => false,
  absent: () => undefined,
  hostName: (view) => view.hostname,
}
