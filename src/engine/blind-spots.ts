import type { Level, Stage } from '../audit/event.ts'
import { testAtom } from '../residual/atom.ts'
import { possible } from '../residual/possible.ts'
import type { Atom, Json, Opaque, Residual, Some } from '../residual/residual.ts'
import { valueAt } from '../residual/value.ts'
import { canHoldAt, LEVELS, levelNeeded } from './recorded.ts'

/** A guardrail by what decides whether it can find anything. */
export interface Watcher {
  readonly rule: string
  /** After `bindData`. */
  readonly residual: Residual
}

/** What a log does not show, and to whom. */
export interface BlindSpot {
  /** What the guardrails would have to see. */
  readonly needs: 'requestObject' | 'responseObject' | Stage
  /** Ids of the guardrails that see nothing without it, in order. */
  readonly guardrails: readonly string[]
  /** How many guardrails there are. */
  readonly of: number
  /** Share of the events that are without it, by their level or stage; estimated for long logs. */
  readonly share: number
}

/** An event of the sample, as far as it was read; texts are empty where there are none. */
export interface Sampled {
  readonly level: string
  readonly stage: string
  readonly verb: string
  readonly target: Target
  /** For how many events it stands. */
  readonly weight: number
}

/** What kind of thing a request is about. */
export interface Target {
  readonly resource: string
  readonly apiGroup: string
  readonly subresource: string
}

/** Kinds of changes that are told apart; clusters come to a few hundred. */
const KINDS_MAX = 1000
/** Fewer events than this say nothing about stages that they do not have. */
const EVENTS_FOR_STAGES = 20
/** A guardrail is blind from this share of its events on. */
const BLIND_SHARE = 0.5
/** Changes that good audit policies log without bodies: there are many, and they say nothing. */
const CHATTER: ReadonlySet<unknown> = new Set([
  'leases',
  'events',
  'endpoints',
  'endpointslices',
  'tokenreviews',
  'subjectaccessreviews',
])
/** Requests that have no body. */
const READING = new Set(['get', 'list', 'watch'])

/** Changes of one kind, by level. */
interface Kind {
  /** What all of them have in common, as an event. */
  readonly event: Json
  readonly isChatter: boolean
  readonly levels: Map<string, number>
}

/** The changes that a guardrail looks at, by level. */
interface Sight {
  readonly rule: string
  readonly needs: Level
  readonly levels: ReadonlyMap<string, number>
}

/**
 * Says what guardrails need and a log does not show, from level, stage and kind of a sample of its
 * events.
 */
export class BlindSpots {
  readonly #readWatchers: () => readonly Watcher[]
  readonly #of: number
  readonly #levels = new Map<string, number>()
  readonly #stages = new Map<string, number>()
  readonly #kinds = new Map<string, Kind>()
  #events = 0
  #found: readonly BlindSpot[] | undefined
  #watchers: readonly Watcher[] | undefined

  /**
   * @param readWatchers called once, when something may be out of sight
   * @param of how many guardrails there are, with those whose needs are not known
   */
  constructor(readWatchers: () => readonly Watcher[], of: number) {
    this.#readWatchers = readWatchers
    this.#of = of
  }

  add(event: Sampled): void {
    const { level, stage, verb, weight } = event
    this.#events++
    this.#found = undefined
    count(this.#levels, level, weight)
    count(this.#stages, stage, weight)
    if (stage === 'RequestReceived' || READING.has(verb)) return
    const levels = this.#kind(event)?.levels
    if (levels) count(levels, level, weight)
  }

  /** What is not shown, so far. */
  found(): readonly BlindSpot[] {
    if (this.#events === 0) return []
    this.#found ??= [...this.#levelSpots(), ...this.#stageSpots()]
    return this.#found
  }

  #allWatchers(): readonly Watcher[] {
    return (this.#watchers ??= this.#readWatchers())
  }

  #kind({ verb, target }: Sampled): Kind | undefined {
    const { resource, apiGroup, subresource } = target
    const key = `${verb} ${apiGroup}/${resource}/${subresource}`
    const known = this.#kinds.get(key)
    if (known || this.#kinds.size >= KINDS_MAX) return known
    const present = Object.entries(target).filter(([, text]) => text !== '')
    const objectRef = resource === '' ? {} : { objectRef: Object.fromEntries(present) as Json }
    const event: Json = { verb, stage: 'ResponseComplete', ...objectRef }
    const kind: Kind = { event, isChatter: CHATTER.has(resource), levels: new Map() }
    this.#kinds.set(key, kind)
    return kind
  }

  #levelSpots(): readonly BlindSpot[] {
    if (poorerShare(this.#levels, 'RequestResponse') === 0) return []
    const sights = this.#allWatchers().flatMap(({ rule, residual }): Sight[] => {
      const needs = levelNeeded(residual)
      if (needs === undefined || needs === 'Metadata') return []
      return [{ rule, needs, levels: this.#levelsOf(({ event }) => isLookedAt(residual, event)) }]
    })
    const others = this.#levelsOf(({ isChatter }) => !isChatter)
    return [
      ...this.#levelSpot('Request', 'requestObject', sights, others),
      ...this.#levelSpot('RequestResponse', 'responseObject', sights, others),
    ]
  }

  /** Levels of the changes of some kinds. */
  #levelsOf(which: (kind: Kind) => boolean): ReadonlyMap<string, number> {
    const levels = new Map<string, number>()
    for (const kind of this.#kinds.values()) {
      if (!which(kind)) continue
      for (const [level, weight] of kind.levels) count(levels, level, weight)
    }
    return levels
  }

  /**
   * A guardrail is blind where most of what it looks at comes without what it needs. Where nothing of
   * that kind is in the sample, other changes tell how such things are logged, or else all events.
   */
  #levelSpot(
    level: Level,
    needs: BlindSpot['needs'],
    sights: readonly Sight[],
    others: ReadonlyMap<string, number>,
  ): readonly BlindSpot[] {
    const blind = sights.filter((sight) => {
      const evidence = [sight.levels, others, this.#levels].find(({ size }) => size > 0)!
      return sight.needs === level && poorerShare(evidence, level) >= BLIND_SHARE
    })
    const rules = blind.map(({ rule }) => rule)
    return this.#spot(needs, rules, poorerShare(this.#levels, level))
  }

  #stageSpots(): readonly BlindSpot[] {
    if (this.#events < EVENTS_FOR_STAGES) return []
    const isThere = (stage: Stage): boolean => this.#stages.has(stage)
    const spots = new Map<Stage, string[]>()
    for (const { rule, residual } of this.#allWatchers()) {
      const fits = (stage: Stage): boolean => canHoldAt(stage, residual)
      if (BY_USE.filter(isThere).some(fits)) continue
      const missing = BY_USE.find((stage) => !isThere(stage) && fits(stage))
      if (missing) spots.set(missing, [...(spots.get(missing) ?? []), rule])
    }
    return [...spots].flatMap(([stage, rules]) => this.#spot(stage, rules, 1))
  }

  #spot(
    needs: BlindSpot['needs'],
    guardrails: readonly string[],
    share: number,
  ): readonly BlindSpot[] {
    return guardrails.length === 0 ? [] : [{ needs, guardrails, of: this.#of, share }]
  }
}

/** Share of what is at poorer levels than this. */
function poorerShare(weights: ReadonlyMap<string, number>, level: Level): number {
  let all = 0
  let poorer = 0
  for (const [one, weight] of weights) {
    all += weight
    if (isPoorer(one, level)) poorer += weight
  }
  return all === 0 ? 0 : poorer / all
}

/** Stages with what most guardrails read first. */
const BY_USE: readonly Stage[] = ['ResponseComplete', 'ResponseStarted', 'RequestReceived', 'Panic']

function isPoorer(level: string, than: Level): boolean {
  const at = LEVELS.findIndex((one) => one === level)
  return at >= 0 && at < LEVELS.indexOf(than)
}

/** Whether a residual is about this kind of thing and deed, whoever it was and whatever is in it. */
function isLookedAt(residual: Residual, event: Json): boolean {
  return possible(residual, (literal) => knownOf(literal, event)) !== 'no'
}

function knownOf(literal: Atom | Some | Opaque, event: Json): boolean | undefined {
  if (literal.kind !== 'atom' || literal.path.from !== 'event') return undefined
  const { steps } = literal.path
  if (!KIND_PATHS.has(steps.join('.'))) return undefined
  const value = valueAt(event, steps)
  return value === undefined ? false : testAtom(literal, value)
}

/** What is known of a kind. */
const KIND_PATHS: ReadonlySet<string> = new Set([
  'verb',
  'stage',
  'objectRef',
  'objectRef.resource',
  'objectRef.apiGroup',
  'objectRef.subresource',
])

function count(counts: Map<string, number>, key: string, weight: number): void {
  counts.set(key, (counts.get(key) ?? 0) + weight)
}
