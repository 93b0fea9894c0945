import path from 'node:path'

/** A file or folder, and what messages call it where that is not its path. */
export interface Place {
  readonly path: string
  readonly shown: string
}

/** A source as the user named it, or one that was put somewhere. */
export type Source = string | Place

export function placeOf(source: Source, cwd: string): Place {
  return typeof source === 'string' ? { path: path.resolve(cwd, source), shown: source } : source
}
