/**
 * Lists are text. Falco puts their items into conditions and exceptions before it parses anything,
 * wherever a list's name stands between delimiters; one list after the other, in order of first
 * definition, each over the whole text. Nested lists follow from that, with its surprises.
 */
import { CONDITION_CHARS_MAX } from '../../text/limits.ts'
import { LoadError } from './diagnose.ts'
import { quoteItem } from './exceptions.ts'
import type { ListDefinition } from './model.ts'
import { Traced } from './traced.ts'

/** A list ready to be put in. */
export interface ResolvedList {
  readonly name: string
  readonly definition: ListDefinition
  /** Its items as they are put in, quoted and joined by commas. */
  readonly text: string
  readonly items: readonly string[]
  used: boolean
}

/**
 * Expands references between lists by one level: an item that names a list which was first defined
 * before this one's last change becomes that list's items. Deeper levels are left to substitution.
 */
export function resolveLists(lists: ReadonlyMap<string, ListDefinition>): ResolvedList[] {
  const used = new Set<string>()
  let total = 0
  const resolved = [...lists.values()].map((definition): ResolvedList => {
    const items = definition.items.flatMap((item) => {
      const other = lists.get(item.text)
      if (!other || other.first >= definition.last) return [item]
      used.add(other.name)
      total += other.items.length
      if (total > CONDITION_CHARS_MAX) throw tooLong(definition)
      return other.items
    })
    const text = items.reduce(
      (joined, item) => (joined === '' ? '' : `${joined}, `) + quoteItem(item).text,
      '',
    )
    const texts = items.map((item) => item.text)
    return { name: definition.name, definition, text, items: texts, used: false }
  })
  for (const list of resolved) list.used = used.has(list.name)
  return resolved
}

function tooLong({ place }: ListDefinition): LoadError {
  return new LoadError(
    'LOAD_ERR_VALIDATE',
    'the lists expand to more than fits into memory',
    place,
    'lists that hold lists multiply; write fewer of them',
  )
}

/**
 * A condition with its lists put in; marks those that it uses.
 *
 * @throws LoadError where the text grows past `CONDITION_CHARS_MAX`: lists of lists can double it
 *   with each list.
 */
export function substituteLists(condition: Traced, lists: readonly ResolvedList[]): Traced {
  let result = condition
  for (const list of lists) {
    if (!result.text.includes(list.name)) continue
    const next = substitute(result, list)
    if (next === result) continue
    list.used = true
    result = next
  }
  return result
}

const BLANKS = ' \t\n\r'
const DELIMITERS = `${BLANKS}(),=`

/** Falco's own walk over the text, offsets and all: what it skips is not put in either. */
function substitute(condition: Traced, { name, text: items, definition }: ResolvedList): Traced {
  let result = condition
  let at = result.text.indexOf(name)
  while (at >= 0) {
    const { text } = result
    let start = at
    let end = at + name.length
    if (isDelimited(text, start, end)) {
      while (start > 0 && BLANKS.includes(text[start - 1]!)) start--
      while (end < text.length && BLANKS.includes(text[end]!)) end++
      if (items === '') {
        // An empty list takes one comma with it.
        if (start > 0 && text[start - 1] === ',') start--
        else if (text[end] === ',') end++
      }
      const before = start > 0 ? [result.slice(0, start), result.standIn(' ', at)] : []
      const after = end <= text.length ? [result.slice(end)] : []
      result = Traced.join(...before, result.standIn(`${items} `, at), ...after)
      if (result.text.length > CONDITION_CHARS_MAX) throw tooLong(definition)
      at = start + items.length + 1
    }
    at = result.text.indexOf(name, at + 1)
  }
  return result
}

function isDelimited(text: string, start: number, end: number): boolean {
  const left = start === 0 || DELIMITERS.includes(text[start - 1]!)
  return left && (end >= text.length || DELIMITERS.includes(text[end]!))
}
