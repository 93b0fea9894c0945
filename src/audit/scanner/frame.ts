import type { WatchNode } from './watch.ts'

/**
 * An object with more different names than this is checked without learning it: it is a map. The
 * bodies of all kinds of Kubernetes' own objects together have fewer at any place.
 */
const NAMES_MAX = 256

/** A place in the structure of events, by names: `requestObject.spec.containers[]`. */
class Place {
  readonly #members = new Map<string, Place>()
  #element: Place | undefined
  #isMap = false

  /** True when objects here do not have the same names again and again. */
  get isMap(): boolean {
    return this.#isMap || this.#members.size > NAMES_MAX
  }

  /** Says that too many different names came behind the same names. */
  markMap(): void {
    this.#isMap = true
  }

  member(name: string): Place {
    let found = this.#members.get(name)
    if (!found) this.#members.set(name, (found = new Place()))
    return found
  }

  get element(): Place {
    return (this.#element ??= new Place())
  }
}

/**
 * An open object or array with the names that it has had so far, and what it is inside of. Everything
 * that the grammar of what comes next depends on, and the watched paths. The same path through events
 * always leads to the same frame.
 */
export class Frame {
  readonly parent: Frame | undefined
  readonly isObject: boolean
  readonly depth: number
  /** The latest name. */
  readonly name: string | undefined
  readonly #before: Frame | undefined
  readonly #place: Place
  readonly #watch: WatchNode | undefined
  #named: Map<string, Frame> | undefined
  #object: Frame | undefined
  #array: Frame | undefined

  private constructor(
    parent: Frame | undefined,
    isObject: boolean,
    place: Place,
    watch: WatchNode | undefined,
    before?: Frame,
    name?: string,
  ) {
    this.parent = parent
    this.isObject = isObject
    this.depth = parent ? parent.depth + 1 : 1
    this.name = name
    this.#place = place
    this.#watch = watch
    this.#before = before
  }

  /** The outermost object, just opened. */
  static root(watch: WatchNode): Frame {
    return new Frame(undefined, true, new Place(), watch)
  }

  /** True when the object has had this name. */
  has(name: string): boolean {
    for (let at: Frame | undefined = this as Frame; at; at = at.#before) {
      if (at.name === name) return true
    }
    return false
  }

  /** The object after one more name. */
  named(name: string): Frame {
    this.#named ??= new Map()
    let found = this.#named.get(name)
    if (!found) {
      this.#place.member(name)
      found = new Frame(this.parent, true, this.#place, this.#watch, this, name)
      this.#named.set(name, found)
    }
    return found
  }

  /** Says that what comes next here is hardly ever the same. */
  markMap(): void {
    this.#place.markMap()
  }

  /** Where the value stands that comes next. */
  get valuePlace(): Place {
    return this.isObject ? this.#place.member(this.name!) : this.#place.element
  }

  /** What is watched at and below the value that comes next, or came last. */
  get watched(): WatchNode | undefined {
    return this.name === undefined ? undefined : this.#watch?.children.get(this.name)
  }

  /** The value that comes next, an object or array, just opened. */
  open(isObject: boolean): Frame {
    if (isObject) return (this.#object ??= new Frame(this, true, this.valuePlace, this.watched))
    return (this.#array ??= new Frame(this, false, this.valuePlace, undefined))
  }
}
