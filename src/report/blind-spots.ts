import type { BlindSpot } from '../engine/blind-spots.ts'
import { numberText } from './words.ts'

const LEVELS: Readonly<Record<string, string>> = {
  requestObject: 'at Metadata level',
  responseObject: 'at Metadata or Request level',
}

/** `12 of 55 guardrails need requestObject; 96% of the events are at Metadata level`. */
export function blindSpotText({ needs, guardrails, of, share }: BlindSpot): string {
  const who = `${numberText(guardrails.length)} of ${numberText(of)} guardrails`
  const need = guardrails.length === 1 ? 'needs' : 'need'
  const level = LEVELS[needs]
  return level === undefined
    ? `${who} ${need} events at stage ${needs}; there are none`
    : `${who} ${need} ${needs}; ${percent(share)} of the events are ${level}`
}

/** Whole percents, none of which says all or nothing where it is not so. */
function percent(share: number): string {
  if (share === 1) return '100%'
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`
}
