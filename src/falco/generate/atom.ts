/** One test of one field of the event as a comparison. */
import {
  type Atom,
  type Json,
  type Operand,
  type Path,
  pathText,
  type Step,
} from '../../residual/residual.ts'
import type { Operand as FalcoOperand, Right } from '../condition/ast.ts'
import { isFlat, isInMap, shapeAt } from './bodies.ts'
import { checked, constantText } from './constant.ts'
import {
  and,
  anyOf,
  compared,
  exists,
  listed,
  literal,
  not,
  or,
  type Term,
  transform,
} from './expr.ts'
import { fieldAt, pointerField } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import { numberPattern } from './number.ts'
import { parsePattern } from './pattern.ts'
import { plainNotation, wholePattern } from './whole-pattern.ts'
import { wordsOf } from './words.ts'

/**
 * A comparison that holds for an event where the atom does. In Falco none holds where the field is
 * missing, `!=` included, just as no atom holds where its path is absent.
 *
 * @param atom after `assumeTypes`; of a path from the event
 * @throws Inexpressible
 */
export function atomTerm(atom: Atom): Term {
  const { path } = atom
  switch (atom.operator) {
    case 'defined':
      return exists(fieldAt(path))
    case 'truthy':
      return truthyTerm(path)
    case 'type':
      return typeTerm(path, atom.type)
    case 'globMatch':
      return globTerm(atom)
    default:
      return 'constant' in atom.operand
        ? constantTerm(path, atom, atom.operand.constant)
        : fieldTerm(path, atom)
  }
}

/** Not `!= false` where that is the same: whoever reads it asks what else there is. */
function truthyTerm(path: Path): Term {
  const way = path.steps.slice(1)
  if (isInMap(way)) return exists(fieldAt(path))
  return isBody(path.steps[0]) && shapeAt(way) === 'boolean'
    ? compared(fieldAt(path), '=', 'true')
    : compared(fieldAt(path), '!=', 'false')
}

function isBody(step: Step | undefined): boolean {
  return step === 'requestObject' || step === 'responseObject'
}

/** Compact JSON begins with a bracket; a body is never a string. */
function typeTerm(path: Path, type: string): Term {
  const isWhole = path.steps.length === 1 && isBody(path.steps[0])
  const begin = { array: '[', object: '{' }[type]
  if (!isWhole || begin === undefined)
    throw new Inexpressible(`whether \`${pathText(path)}\` is of type ${type}`)
  return compared(fieldAt(path), 'startswith', begin)
}

function constantTerm(path: Path, atom: Atom, constant: Json): Term {
  switch (atom.operator) {
    case 'equal':
      return equalTerm(path, [constant])
    case 'notEqual':
      return constant === null
        ? and([exists(fieldAt(path)), not(nullTerm(path))])
        : compared(fieldAt(path), '!=', constantText(constant))
    case 'in':
      return equalTerm(
        path,
        Array.isArray(constant)
          ? (constant as Json[])
          : (Object.values(constant as object) as Json[]),
      )
    case 'less':
    case 'lessOrEqual':
    case 'greater':
    case 'greaterOrEqual': {
      if (typeof constant !== 'number') throw new Inexpressible('an order of texts')
      const { pattern, negated } = numberPattern(atom.operator, constant)
      const term = compared(fieldAt(path), 'regex', checked(pattern))
      return negated ? and([exists(fieldAt(path)), not(term)]) : term
    }
    case 'startsWith':
      return compared(fieldAt(path), 'startswith', constantText(constant))
    case 'endsWith':
      return compared(fieldAt(path), 'endswith', constantText(constant))
    case 'contains':
      return compared(fieldAt(path), 'contains', constantText(constant))
    case 'regexMatch':
      return patternTerm(path, constant)
    default:
      throw new Inexpressible('whether an address is in a network')
  }
}

/** Null has the same text as the string `null`, so it is looked for where it stands. */
function equalTerm(path: Path, constants: readonly Json[]): Term {
  const others = constants.filter((constant) => constant !== null)
  const nulls = others.length < constants.length ? [nullTerm(path)] : []
  return or([anyOf(fieldAt(path), '=', others.map(constantText)), ...nulls])
}

function nullTerm({ from, steps }: Path): Term {
  const holder = steps.slice(0, -1)
  const name = steps.at(-1)
  if (
    from !== 'event' ||
    typeof name !== 'string' ||
    !isBody(steps[0]) ||
    !isFlat(shapeAt(holder.slice(1)))
  )
    throw new Inexpressible('null, which has the same text as the string `null`')
  return compared(pointerField(holder), 'contains', checked(`${JSON.stringify(name)}:null`))
}

function patternTerm(path: Path, constant: Json): Term {
  if (typeof constant !== 'string') return false
  const pattern = parsePattern(constant)
  const words = wordsOf(pattern)
  if (!words) return compared(fieldAt(path), 'regex', checked(wholePattern(pattern, plainNotation)))
  const operator = words.begin
    ? words.end
      ? '='
      : 'startswith'
    : words.end
      ? 'endswith'
      : 'contains'
  return anyOf(fieldAt(path), operator, words.texts.map(constantText))
}

/** `glob.match` without delimiters, for patterns in which nothing but `*` is special to either side. */
function globTerm(atom: Atom & { readonly operator: 'globMatch' }): Term {
  const { operand, delimiters } = atom
  if (delimiters !== null || !('constant' in operand) || typeof operand.constant !== 'string')
    throw new Inexpressible('a glob with parts')
  if (/[?\\[\]{}!]/.test(operand.constant)) throw new Inexpressible('a glob with more than `*`')
  return compared(fieldAt(atom.path), 'glob', constantText(operand.constant))
}

/** Compared with another field, or with a text made of fields. */
function fieldTerm(path: Path, atom: Atom): Term {
  if (atom.operator !== 'equal' && atom.operator !== 'notEqual')
    throw new Inexpressible('a comparison of two fields other than whether they are equal')
  const right = rightOf((atom as { readonly operand: Operand }).operand)
  return compared(fieldAt(path), atom.operator === 'equal' ? '=' : '!=', right)
}

function rightOf(operand: Operand): Right {
  if ('path' in operand) return transform('val', fieldAt(operand.path))
  if ('concat' in operand) return transform('concat', ...operand.concat.map(partOf))
  throw new Inexpressible('a constant beside fields')
}

function partOf(operand: Operand): FalcoOperand {
  if ('constant' in operand) return literal(constantText(operand.constant))
  if ('path' in operand) return fieldAt(operand.path)
  throw new Inexpressible('a text made of texts that are made of fields')
}

/** A comparison with the elements of a list of a rules file, by its name. */
export function listTerm(atom: Atom, list: string): Term {
  const left = fieldAt(atom.path)
  switch (atom.operator) {
    case 'equal':
    case 'in':
      return listed(left, 'in', [list])
    case 'startsWith':
      return listed(left, 'startswith', [list], 'anyof')
    case 'endsWith':
      return listed(left, 'endswith', [list], 'anyof')
    case 'contains':
      return listed(left, 'contains', [list], 'anyof')
    case 'globMatch':
      if (atom.delimiters !== null) throw new Inexpressible('globs with parts')
      return listed(left, 'glob', [list], 'anyof')
    default:
      throw new Inexpressible(`a list of the organisation with \`${atom.operator}\``)
  }
}
