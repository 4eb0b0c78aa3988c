import type { Approach } from '@/api/types'

export const BASELINES = ['still', 'random', 'base', 'opposite'] as const
export type Baseline = (typeof BASELINES)[number]

export const BASELINE_WORDS: Record<Baseline, string> = {
  still: 'standing still',
  random: 'moving at random',
  base: 'before training',
  opposite: 'going the opposite way',
}

/** The reward's terms; before the check, what the weights name. */
export function termNames(approach: Approach): string[] {
  return approach.terms.length ? approach.terms : Object.keys(approach.weights)
}

/** The largest mean of any term for any baseline, so that bars compare. */
export function largestMean(means: Approach['term_means']): number {
  const all = Object.values(means).flatMap((terms) => Object.values(terms))
  return Math.max(1e-9, ...all.map((pay) => Math.abs(pay ?? 0)))
}

const SMALLEST = -4 // powers of ten that every slider reaches, so that their places compare
const LARGEST = 2
const STEPS_A_DECADE = 40

/** A slider whose place is the size of a weight, a power of ten every 40 steps; 0 is "off". */
export function weightScale(weights: readonly number[]) {
  const sizes = weights.map(Math.abs).filter((size) => size > 0)
  const low = Math.min(SMALLEST, ...sizes.map((size) => Math.floor(Math.log10(size))))
  const high = Math.max(LARGEST, ...sizes.map((size) => Math.ceil(Math.log10(size))))
  const max = (high - low) * STEPS_A_DECADE + 1
  return {
    max,
    place(weight: number): number {
      if (weight === 0) return 0
      const steps = (Math.log10(Math.abs(weight)) - low) * STEPS_A_DECADE
      return Math.min(max, Math.max(1, Math.round(steps) + 1))
    },
    /** The weight at a place, with three digits. */
    weight(place: number): number {
      if (place < 1) return 0
      return Number((10 ** (low + (place - 1) / STEPS_A_DECADE)).toPrecision(3))
    },
  }
}

/** The weights of terms that a source still names: one that was taken out needs none. */
export function weightsFor(
  source: string,
  weights: Record<string, number>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(weights).filter(([term]) => new RegExp(`["']${term}["']`).test(source)),
  )
}
