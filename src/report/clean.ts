/** Keeps a log's control and direction characters from steering the reader's terminal. */
export function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\ufffd')
}
