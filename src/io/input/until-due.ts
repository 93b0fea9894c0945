/**
 * The same chunks, and an empty one whenever the next has not come when it was due.
 * @param due a time as `performance.now` has it; undefined where nothing is due
 */
export async function* untilDue(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  due: () => number | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (;;) {
      const next = chunks.next()
      for (let time = due(); time !== undefined; time = due()) {
        if (await comesBefore(next, time)) break
        yield new Uint8Array(0)
      }
      const { value, done } = await next
      if (done === true) return
      yield value
    }
  } finally {
    await chunks.return()
  }
}

/** @param time as `performance.now` has it */
async function comesBefore(promise: Promise<unknown>, time: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, time - performance.now()), false)
  })
  const comes = promise.then(
    () => true,
    () => true,
  )
  const isInTime = await Promise.race([comes, late])
  clearTimeout(timer)
  return isInTime
}
