/** A text as a YAML block scalar below a key that stands at `indent` blanks. */
export function blockScalar(text: string, indent: number): string[] {
  const lines = text.replace(/\r\n/g, '\n').replace(/\n+$/, '').split('\n')
  const pad = ' '.repeat(indent + 2)
  // A first line that begins with a blank would be taken for the indentation.
  const marker = /^\s/.test(lines[0]!) ? '|2' : '|'
  return [marker, ...lines.map((line) => (line === '' ? '' : `${pad}${line}`))]
}

/** A scalar: as it is where YAML takes it for a text, else in quotes. */
export function scalar(text: string): string {
  const isPlain =
    /^[A-Za-z/][A-Za-z0-9._/-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
  return isPlain ? text : JSON.stringify(text)
}
