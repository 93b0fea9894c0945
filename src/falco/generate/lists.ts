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

/** Lists that were asked for, each once. */
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

  /** Whether a list can stand for what the data has there. */
  has({ steps }: Path): boolean {
    return isTexts(valueAt(this.#data, steps))
  }

  /**
   * The name of the list with an array of the data, each of its elements between two texts.
   *
   * @throws Inexpressible where the data has something else there
   */
  nameOf(path: Path, prefix = '', suffix = ''): string {
    const value = valueAt(this.#data, path.steps)
    if (!isTexts(value)) throw new Inexpressible(`\`${pathText(path)}\`, which is no list of texts`)
    const given = { path: pathText(path), prefix, suffix }
    const key = JSON.stringify(given)
    const known = this.#lists.get(key)
    if (known) return known.name
    const items = value.map((item) => constantText(`${prefix}${item}${suffix}`))
    const name = this.#free(this.#readable(path, prefix, suffix))
    this.#lists.set(key, { name, ...given, items })
    return name
  }

  /** With the last word of each text around: `parapet_org_system_namespaces_serviceaccount`. */
  #readable({ steps }: Path, prefix: string, suffix: string): string {
    const around = [prefix, suffix].flatMap(
      (text) => /[A-Za-z0-9]+(?=[^A-Za-z0-9]*$)/.exec(text) ?? [],
    )
    return [this.#prefix, ...steps, ...around].join('_').replaceAll(/[^A-Za-z0-9_]/g, '_')
  }

  /** Of two lists with one name Falco keeps the last. */
  #free(name: string): string {
    const names = new Set([...this.#lists.values()].map((list) => list.name))
    let free = name
    for (let number = 2; names.has(free); number++) free = `${name}_${number}`
    return free
  }
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
