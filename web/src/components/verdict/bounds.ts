import type { Criterion } from '@/api/types'
import { number } from '@/lib/format'

/** What a number should be: `at least 0.15`, `0.75 to 3.3`, `none`. */
export function bounds({ at_least: low, at_most: high }: Criterion): string {
  if (low !== null && high !== null) return `${number(low)} to ${number(high)}`
  if (low !== null) return `≥ ${number(low)}`
  if (high !== null) return high === 0 ? 'none' : `≤ ${number(high)}`
  return ''
}

/** Whether a number is inside its bounds. */
export function meets(criterion: Criterion, value: number | null | undefined): boolean {
  if (value === null || value === undefined) return false
  const { at_least: low, at_most: high } = criterion
  return (low === null || value >= low) && (high === null || value <= high)
}
