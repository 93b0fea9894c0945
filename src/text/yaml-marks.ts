/** The indicators between nodes: which child of a YAML collection is a key, a value or an item. */
import type { YamlNode } from './yaml-node.ts'

/** A node that js-yaml has opened, with what it closed inside so far. */
export interface Frame {
  readonly open: number
  readonly children: Child[]
}

export interface Child {
  readonly node: YamlNode
  /** Parser positions at open and close; between two children are only indicators and blanks. */
  readonly open: number
  readonly stop: number
  /** js-yaml's own value. */
  readonly result: unknown
  /** Nodes from this one down, aliases followed. */
  readonly size: number
}

/** A child, or an indicator: `?`, `:`, or `-` for what begins or separates items. */
export interface Mark {
  readonly sign?: string
  readonly at: number
  readonly child?: Child
}

/** Children and the indicators before, between and after them, in source order. */
export function arrange(
  input: string,
  { children }: Frame,
  place: { readonly start: number; readonly stop: number; readonly flow: boolean },
): Mark[] {
  const marks: Mark[] = []
  let at = place.flow ? place.start + 1 : place.start
  for (const child of children) {
    collect(input, at, child.open, place.flow, marks)
    marks.push({ at: child.open, child })
    at = Math.max(at, child.stop)
  }
  collect(input, at, place.stop, place.flow, marks)
  return marks
}

function collect(input: string, from: number, to: number, flow: boolean, marks: Mark[]): void {
  for (let at = from; at < to; at++) {
    const sign = input[at]!
    if (sign === '#') {
      while (at < to && input[at] !== '\n' && input[at] !== '\r') at++
    } else if (sign === '?' || sign === ':') {
      marks.push({ sign, at })
    } else if (sign === (flow ? ',' : '-')) {
      marks.push({ sign: '-', at })
    }
  }
}

/** The marks of each item: in a block every `-` begins one, in a flow commas stand between them. */
export function itemGroups(marks: readonly Mark[], flow: boolean): Mark[][] {
  const groups: Mark[][] = []
  let group: Mark[] | undefined
  for (const mark of marks) {
    if (mark.sign === '-' || !group) groups.push((group = []))
    group.push(mark)
  }
  // A comma after the last item of a flow, or an empty flow, begins nothing.
  return flow ? groups.filter((each) => each.some((mark) => mark.sign !== '-')) : groups
}
