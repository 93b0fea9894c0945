/** Patterns that stand for a few words, which are plain comparisons in Falco. */
import type { Pattern } from './pattern.ts'

/** Texts one of which a pattern finds: anywhere, at the beginning, at the end, or as a whole. */
export interface Words {
  readonly texts: readonly string[]
  readonly begin: boolean
  readonly end: boolean
}

/** More words than this are better read as a pattern. */
const WORDS_MAX = 8

/** Undefined where the pattern stands for more than a few words. */
export function wordsOf(pattern: Pattern): Words | undefined {
  const all = (pattern.kind === 'alternatives' ? pattern.of : [pattern]).map(oneOf)
  const [first] = all
  if (!first || all.includes(undefined)) return undefined
  if (all.some((words) => words!.begin !== first.begin || words!.end !== first.end))
    return undefined
  const texts = [...new Set(all.flatMap((words) => words!.texts))]
  return texts.length > WORDS_MAX ? undefined : { ...first, texts }
}

function oneOf(pattern: Pattern): Words | undefined {
  const parts = pattern.kind === 'sequence' ? pattern.of : [pattern]
  const begin = parts[0]?.kind === 'begin'
  const end = parts.at(-1)?.kind === 'end'
  const of = parts.slice(begin ? 1 : 0, end ? -1 : undefined)
  const texts = spelled({ kind: 'sequence', of })
  return texts && { texts, begin, end }
}

/** All texts that a pattern is, where these are few. */
function spelled(pattern: Pattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case 'character':
      return [pattern.text]
    case 'sequence':
      return pattern.of.reduce<readonly string[] | undefined>(
        (before, part) => {
          const after = spelled(part)
          if (!before || !after || before.length * after.length > WORDS_MAX) return undefined
          return before.flatMap((text) => after.map((more) => text + more))
        },
        [''],
      )
    case 'alternatives': {
      const all = pattern.of.map(spelled)
      return all.includes(undefined) ? undefined : all.flatMap((texts) => texts!)
    }
    default:
      return undefined
  }
}

/** A text that a pattern matches, if one can be made up without searching. */
export function exampleOf(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'character':
      return pattern.text
    case 'class':
      return pattern.negated ? 'x' : pattern.inside.replace(/^\\/, '').slice(0, 1)
    case 'sequence':
      return pattern.of.map(exampleOf).join('')
    case 'alternatives':
      return exampleOf(pattern.of[0]!)
    case 'repeat': {
      const least =
        { '*': 0, '?': 0, '+': 1 }[pattern.times] ?? Number(/\d+/.exec(pattern.times)![0])
      return exampleOf(pattern.of).repeat(least)
    }
    default:
      return ''
  }
}
