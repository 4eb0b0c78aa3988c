import type { Approach } from '@/api/types'

type Dot = readonly [number, number]
type Value = number | null | undefined

/** One quantity of an approach over its steps, without gaps. */
export function curve(
  approach: Pick<Approach, 'curve'>,
  value: (point: Approach['curve'][number]) => Value,
): Dot[] {
  return approach.curve.flatMap((point) => {
    const found = value(point)
    return found === null || found === undefined ? [] : [[point.step, found] as const]
  })
}

export const returns = (approach: Pick<Approach, 'curve'>) =>
  curve(approach, (point) => point.episode_return)

export const termCurve = (approach: Pick<Approach, 'curve'>, term: string) =>
  curve(approach, (point) => point.terms[term])

export const numberCurve = (approach: Pick<Approach, 'curve'>, label: string) =>
  curve(approach, (point) => point.numbers[label])

/** The metric's numbers of the policy so far. */
export function latestNumbers(approach: Approach): Record<string, number | null> {
  if (Object.keys(approach.numbers.trained).length) return approach.numbers.trained
  return approach.curve.findLast((point) => Object.keys(point.numbers).length)?.numbers ?? {}
}
