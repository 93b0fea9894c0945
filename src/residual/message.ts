/**
 * What the messages of a guardrail are made of, as far as that is known without an event. Read from
 * partial evaluation like residuals; plain JSON.
 */
import type { Conjunction, Path, Residual, Step } from './residual.ts'

export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | MessageValue
  /** One of these, each where its condition holds; in the order of the sources as far as is known. */
  | { readonly kind: 'choice'; readonly of: readonly Saying[] }
  /** Any number of these, with something between them. */
  | { readonly kind: 'list'; readonly of: readonly Saying[] }
  /** Something computed, or something of data. */
  | { readonly kind: 'unknown'; readonly reads: readonly Path[] }

/** What stands in the event: a text as it is, anything else as JSON. */
export interface MessageValue {
  readonly kind: 'value'
  /** From the event; null is some element of what stands there. */
  readonly way: readonly (Step | null)[]
  /** What is known of the innermost element on the way, whose number is 1. */
  readonly element: Conjunction
  readonly letters?: 'lower' | 'upper'
}

/** A text in parts, and when it is said. What is said of elements, or is not understood, is opaque. */
export interface Saying {
  readonly when: Residual
  readonly parts: readonly MessagePart[]
}
