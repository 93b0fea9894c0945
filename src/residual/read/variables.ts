import type { Body, Expression, Term } from './syntax.ts'

/** Names of variables in a statement: in the open, and inside of bodies of its own. */
export interface Names {
  readonly plain: ReadonlySet<string>
  readonly closed: ReadonlySet<string>
}

const known = new WeakMap<Expression, Names>()

export function namesUsed(statement: Expression): Names {
  let names = known.get(statement)
  if (!names) known.set(statement, (names = findNames(statement)))
  return names
}

/** The variables that stand in the open somewhere in a body. */
export function outerNames(body: Body): ReadonlySet<string> {
  return new Set(body.flatMap((statement) => [...namesUsed(statement).plain]))
}

interface Found {
  readonly plain: Set<string>
  readonly closed: Set<string>
}

function findNames(statement: Expression): Names {
  const found: Found = { plain: new Set(), closed: new Set() }
  addStatement(statement, found)
  return found
}

function addStatement(statement: Expression, found: Found): void {
  const add = (term: Term | undefined): void => (term ? addTerm(term, found) : undefined)
  switch (statement.kind) {
    case 'term':
      return add(statement.term)
    case 'equal':
      add(statement.left)
      return add(statement.right)
    case 'call':
      return statement.args.forEach(add)
    case 'not':
      return addClosed(statement.body, found)
    case 'and':
    case 'or':
      addClosed(statement.left, found)
      return addClosed(statement.right, found)
    case 'every': {
      add(statement.domain)
      // The element's variables are the statement's own.
      const own = [statement.key, statement.value].map((term) => term?.kind === 'var' && term.name)
      return addClosed(statement.body, found, own)
    }
    case 'with':
      statement.values.forEach(add)
      return addStatement(statement.inner, found)
    default:
      return undefined
  }
}

function addClosed(body: Body, found: Found, own: readonly (string | false)[] = []): void {
  for (const statement of body) {
    const { plain, closed } = namesUsed(statement)
    for (const name of [...plain, ...closed]) if (!own.includes(name)) found.closed.add(name)
  }
}

function addTerm(term: Term, found: Found): void {
  const add = (one: Term): void => addTerm(one, found)
  switch (term.kind) {
    case 'var':
      if (term.name !== 'input' && term.name !== 'data') found.plain.add(term.name)
      return
    case 'ref':
      return [term.head, ...term.steps].forEach(add)
    case 'array':
    case 'set':
      return term.items.forEach(add)
    case 'object':
      return term.members.flat().forEach(add)
    case 'call':
      return term.args.forEach(add)
    case 'comprehension': {
      const inner: Found = { plain: new Set(), closed: new Set() }
      for (const one of [term.term, ...(term.key ? [term.key] : [])]) addTerm(one, inner)
      for (const name of [...inner.plain, ...inner.closed]) found.closed.add(name)
      return addClosed(term.body, found)
    }
    default:
      return undefined
  }
}
