import type { Approach } from '@/api/types'

export const ROLLS = ['still', 'random', 'base'] as const
export type Roll = (typeof ROLLS)[number]

export const ROLL_WORDS: Record<Roll, string> = {
  still: 'standing still',
  random: 'moving at random',
  base: 'before training',
}

/** The reward's terms; before the check, what the weights name. */
export function termNames(approach: Approach): string[] {
  return approach.terms.length ? approach.terms : Object.keys(approach.weights)
}

/** The largest pay of any term to any roll, so that bars compare. */
export function largestPay(pays: Approach['pays']): number {
  const all = Object.values(pays).flatMap((terms) => Object.values(terms))
  return Math.max(1e-9, ...all.map((pay) => Math.abs(pay ?? 0)))
}

/** A slider's range for the size of a weight: up to three times what was proposed. */
export function weightRange(proposed: number): { min: number; max: number; step: number } {
  const max = 3 * Math.abs(proposed) || 1
  return { min: 0, max, step: 10 ** (Math.floor(Math.log10(max)) - 2) }
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
