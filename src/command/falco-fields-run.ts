import { exit, type ExitCode } from '../exit.ts'
import { type FieldInfo, fields } from '../falco/index.ts'
import { fieldList, fieldText } from '../report/falco-text.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { reportFailure } from './failure.ts'
import type { FalcoFieldsFlags } from './falco.ts'
import { type Io, paintFor, write } from './io.ts'

/** Carries out `parapet falco fields`. */
export async function runFalcoFields(
  name: string | undefined,
  { format }: FalcoFieldsFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const chosen = choose(name)
    if (format === 'json') {
      await write(io.stdout, `${JSON.stringify(chosen.map(toJson), undefined, 2)}\n`)
      return exit.ok
    }
    const paint = paintFor(io, io.stdout)
    const [first] = chosen
    const one = chosen.length === 1 && first!.name === bareName(name)
    await write(io.stdout, one ? fieldText(first!, paint) : fieldList(chosen, paint))
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, format === 'json')
  }
}

/** The field of that name, brackets left aside; else all that begin so. */
function choose(name: string | undefined): readonly FieldInfo[] {
  if (name === undefined) return fields
  const bare = bareName(name)!
  const exact = fields.filter((field) => field.name === bare)
  const found = exact.length > 0 ? exact : fields.filter((field) => field.name.startsWith(bare))
  if (found.length > 0) return found
  const meant = nearest(
    bare.slice(0, 100),
    fields.map((field) => field.name),
  )
  throw new ParapetError('FIELD_UNKNOWN', `there is no field \`${name}\``, {
    help: meant ? `did you mean \`${meant}\`?` : 'leave the name out for a list of all fields',
  })
}

function bareName(name: string | undefined): string | undefined {
  return name?.replace(/\[.*$/, '')
}

function toJson({ from, ...field }: FieldInfo): object {
  return 'path' in from ? { ...field, path: from.path } : field
}
