import type { Path } from '../../residual/residual.ts'
import { shapeAt, type Way } from './bodies.ts'

/**
 * The key at the end of a way stands nowhere else in the text of the array at a path: shapes around it
 * say in which places it can stand.
 *
 * @param way from an element of the array
 */
export function isKeyOfPlace(path: Path, way: Way): boolean {
  const whole: Way = [...path.steps, null, ...way]
  const key = whole.at(-1)
  return (
    typeof key === 'string' &&
    whole.some((_, length) => {
      const shape = length < 2 ? undefined : shapeAt(whole.slice(1, length))
      const places = typeof shape === 'object' && 'members' in shape ? shape.keys?.[key] : undefined
      const rest = JSON.stringify(whole.slice(length))
      return places?.some((place) => JSON.stringify(place) === rest) ?? false
    })
  )
}
