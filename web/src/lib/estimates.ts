import type { Estimate } from '@/api/types'
import { duration } from './format'

/** `about 3 min`, and whether that is more than a guess. */
export function wait({ seconds, guess }: Estimate): string {
  return `about ${duration(seconds)}${guess ? ' (a first guess)' : ''}`
}

/** `Took 4 min, estimated 3 min`: what was told before, and what it took. */
export function toldAndTook(estimate: Estimate | null, took: number | null): string {
  if (!estimate || took === null) return ''
  return `Took ${duration(took)}, estimated ${duration(estimate.seconds)}`
}
