/** The pieces of an output: text, fields, and gaps where Falco cannot say what Rego says. */
import type { FieldExpr, TransformExpr } from '../condition/ast.ts'
import { printOperand } from '../condition/print.ts'

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: FieldExpr | TransformExpr }
  | { readonly kind: 'gap' }

export const GAP: Piece = { kind: 'gap' }

export function textPiece(text: string): Piece {
  return { kind: 'text', text }
}

/** As written in an output. */
export function fieldText({ field }: Extract<Piece, { kind: 'field' }>): string {
  return `%${printOperand(field)}`
}

/** The words of texts one by one, with the blanks behind them; every other piece as it is. */
export function words(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.flatMap((piece) =>
    piece.kind === 'text' ? (piece.text.match(/\s+|\S+\s*/g) ?? []).map(textPiece) : [piece],
  )
}

export function samePiece(a: Piece | undefined, b: Piece | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What stands where a gap was, until it is known what is around it. */
const MARK = '\0'

/**
 * The pieces as an output of Falco. A percent sign cannot be printed, so it becomes a word, and text
 * that would be read as a part of the field before it keeps away from it. A gap becomes three dots, or
 * nothing where only a colon or parentheses lead to it.
 */
export function outputText(pieces: readonly Piece[]): string {
  let text = ''
  let isBehindField = false
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      const plain = piece.text.replaceAll(MARK, '').replaceAll(/\s*%/g, ' percent')
      text += isBehindField && /^(?:[\w[]|\.\w)/.test(plain) ? ` ${plain}` : plain
    } else text += piece.kind === 'field' ? fieldText(piece) : MARK
    isBehindField = piece.kind === 'field'
  }
  return text
    .replaceAll(new RegExp(`\\s*\\(${MARK}\\)|:\\s*${MARK}(?=$|,| or )`, 'g'), '')
    .replaceAll(MARK, '...')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
