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

/** What stands for a gap, and behind a field, until it is known what is around them. */
const GAP_MARK = '\ue000'
const END_MARK = '\ue001'

/**
 * The pieces as an output of Falco. A percent sign cannot be printed, so it becomes a word, and text
 * that would be read as a part of the field before it keeps away from it. A gap becomes three dots, or
 * nothing where only a colon or parentheses lead to it.
 */
export function outputText(pieces: readonly Piece[]): string {
  return pieces
    .map(markedText)
    .join('')
    .replaceAll(/\s*\(\ue000\)|:\s*\ue000(?=$|,| or )/g, '')
    .replaceAll(GAP_MARK, '...')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\ue001(?=[\w[]|\.\w)/g, ' ')
    .replaceAll(END_MARK, '')
    .trim()
}

function markedText(piece: Piece): string {
  switch (piece.kind) {
    case 'gap':
      return GAP_MARK
    case 'field':
      return `${fieldText(piece)}${END_MARK}`
    case 'text':
      return piece.text.replaceAll(/\p{Cc}|[\ue000\ue001]/gu, ' ').replaceAll(/\s*%/g, ' percent')
  }
}
