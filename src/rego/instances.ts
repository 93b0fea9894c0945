/** The instances of one policy: one for nearly everything, and one for large inputs while they come. */
import {
  INSTANCE_MEMORY_BYTES_MAX,
  LARGE_INPUT_BYTES,
  LARGE_MEMORY_KEPT_INPUTS,
} from '../text/limits.ts'
import { AbiInstance } from './abi.ts'
import type { HostFunction } from './abi.ts'
import { PolicyMemory } from './memory.ts'

export interface InstancesOptions {
  readonly memoryBytesMax: number
  readonly print: (text: string) => void
  /** Who answers the builtins; asked only once they are known. */
  readonly functionOf: (name: string) => HostFunction
}

/**
 * WASM memory never shrinks, and one that is dropped stays until the collector comes by. So large
 * inputs share one memory, which is used again even after its instance has trapped: however many
 * there are in a row, no more than one memory is at its limit.
 */
export class Instances {
  readonly #module: WebAssembly.Module
  readonly #options: InstancesOptions
  #data: Uint8Array
  #small: AbiInstance
  #large: AbiInstance | undefined
  #largeMemory: PolicyMemory | undefined
  #smallInARow = 0
  #isBound = false

  constructor(module: WebAssembly.Module, data: Uint8Array, options: InstancesOptions) {
    this.#module = module
    this.#options = options
    this.#data = data
    this.#small = this.#make(new PolicyMemory(options.memoryBytesMax))
  }

  /** The instance for everything but large inputs. */
  get small(): AbiInstance {
    return this.#small
  }

  /** Lets the instances call their builtins. */
  bind(): void {
    this.#isBound = true
    this.#small.bind(this.#options.functionOf)
  }

  /** The instance for an input. */
  for(input: Uint8Array | undefined): AbiInstance {
    if (input === undefined || input.length <= LARGE_INPUT_BYTES) {
      if (this.#largeMemory && ++this.#smallInARow > LARGE_MEMORY_KEPT_INPUTS) this.#giveUpLarge()
      return this.#small
    }
    this.#smallInARow = 0
    this.#large ??= this.#makeLarge()
    this.#large.reserve(input)
    return this.#large
  }

  /** Puts an instance away after an evaluation; one that has grown too much is replaced. */
  settle(instance: AbiInstance): void {
    const grown = instance.memoryBytes - instance.baseBytes
    if (grown > INSTANCE_MEMORY_BYTES_MAX && instance === this.#small) this.discard(instance)
  }

  /** Replaces an instance that trapped: nothing inside it can be relied on. */
  discard(instance: AbiInstance): void {
    if (instance === this.#large) this.#large = undefined
    else this.#small = this.#make(new PolicyMemory(this.#options.memoryBytesMax))
  }

  /** Replaces the data document. Where it cannot be, all stays as it was. */
  replaceData(data: Uint8Array): void {
    const before = this.#data
    this.#data = data
    try {
      this.#small = this.#make(new PolicyMemory(this.#options.memoryBytesMax))
      this.#large = undefined
    } catch (error) {
      this.#data = before
      throw error
    }
  }

  #giveUpLarge(): void {
    this.#large = undefined
    this.#largeMemory = undefined
  }

  #makeLarge(): AbiInstance {
    if (this.#largeMemory) this.#largeMemory.recycle()
    else this.#largeMemory = new PolicyMemory(this.#options.memoryBytesMax)
    return this.#make(this.#largeMemory)
  }

  #make(memory: PolicyMemory): AbiInstance {
    const { print, functionOf } = this.#options
    const instance = new AbiInstance(this.#module, { memory, data: this.#data, print })
    if (this.#isBound) instance.bind(functionOf)
    return instance
  }
}
