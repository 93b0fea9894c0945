/**
 * Lists are text. Falco puts their items into conditions and exceptions before it parses anything,
 * wherever a list's name stands between delimiters; one list after the other, in order of first
 * definition, each over the whole text. Nested lists follow from that, with its surprises.
 */
import { CONDITION_CHARS_MAX } from '../../text/limits.ts'
import { LoadError } from './diagnose.ts'
import { quoteItem } from './exceptions.ts'
import type { ListDefinition } from './model.ts'
import { type Traced, TracedBuilder } from './traced.ts'

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

/** Most places in one condition where one list is put in. */
const SUBSTITUTIONS_MAX = 100_000
const BLANKS = ' \t\n\r'
const DELIMITERS = `${BLANKS}(),=`

/**
 * Falco's own walk over the text, with what it skips: a text that was put in is not searched again,
 * and neither is one character behind it where it stands at the very beginning.
 */
function substitute(condition: Traced, list: ResolvedList): Traced {
  const { name, text: items, definition } = list
  const { text } = condition
  const result = new TracedBuilder()
  let read = 0
  let from = 0
  for (let count = 0; ;) {
    const at = text.indexOf(name, from)
    if (at < 0) break
    let end = at + name.length
    // Behind a text that was put in stands a blank.
    const left = at === read || DELIMITERS.includes(text[at - 1]!)
    if (!left || (end < text.length && !DELIMITERS.includes(text[end]!))) {
      from = at + 1
      continue
    }
    if (++count > SUBSTITUTIONS_MAX) throw tooLong(definition)
    result.append(condition.slice(read, at))
    result.trimEnd(BLANKS)
    while (end < text.length && BLANKS.includes(text[end]!)) end++
    // An empty list takes one comma with it.
    if (items === '' && !result.trimEnd(',', 1) && text[end] === ',') end++
    const first = result.length === 0
    result.append(condition.standIn(first ? `${items} ` : ` ${items} `, at))
    if (result.length > CONDITION_CHARS_MAX) throw tooLong(definition)
    read = end
    from = first ? end + 1 : end
  }
  if (read === 0) return condition
  result.append(condition.slice(read))
  return result.build()
}
