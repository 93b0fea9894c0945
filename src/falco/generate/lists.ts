/** The organisation's data as lists of a rules file, which users override. */
import type { Json, Path } from '../../residual/residual.ts'
import { pathText } from '../../residual/residual.ts'
import { valueAt } from '../../residual/value.ts'
import { constantText } from './constant.ts'
import { Inexpressible } from './inexpressible.ts'

export interface DataList {
  readonly name: string
  /** `data.org.system_namespaces` */
  readonly path: string
  /** What stands around each element of the data. */
  readonly prefix: string
  readonly suffix: string
  readonly items: readonly string[]
}

/** Lists that were asked for, each once, by name. */
export class DataLists {
  readonly #data: Json
  readonly #prefix: string
  readonly #lists = new Map<string, DataList>()

  /** @param prefix of the names of lists: `parapet` */
  constructor(data: Json, prefix: string) {
    this.#data = data
    this.#prefix = prefix
  }

  get all(): readonly DataList[] {
    return [...this.#lists.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /**
   * The name of the list with an array of the data, each of its elements between two texts.
   *
   * @throws Inexpressible where the data has something else there
   */
  nameOf(path: Path, prefix = '', suffix = ''): string {
    const value = valueAt(this.#data, path.steps)
    if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string'))
      throw new Inexpressible(`\`${pathText(path)}\`, which is no list of texts`)
    const around = [prefix, suffix].flatMap(
      (text) => /[A-Za-z0-9]+(?=[^A-Za-z0-9]*$)/.exec(text) ?? [],
    )
    const name = [this.#prefix, ...path.steps, ...around]
      .join('_')
      .replaceAll(/[^A-Za-z0-9_]/g, '_')
    const items = value.map((item) => constantText(`${prefix}${item}${suffix}`))
    this.#lists.set(name, { name, path: pathText(path), prefix, suffix, items })
    return name
  }
}
