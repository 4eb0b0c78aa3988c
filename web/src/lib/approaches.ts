import type { Approach, ApproachStatus, Experiment } from '@/api/types'

const ACTIVE: readonly ApproachStatus[] = ['queued', 'training']

export const isActive = (a: Pick<Approach, 'status'>) => ACTIVE.includes(a.status)
export const canTrain = (a: Pick<Approach, 'status'>) => a.status === 'ready'
export const canRetry = (a: Pick<Approach, 'status'>) =>
  a.status === 'failed' || a.status === 'cancelled' || a.status === 'interrupted'
export const wasTrained = (a: Pick<Approach, 'status'>) =>
  isActive(a) || canRetry(a) || a.status === 'finished'

/** Which of the three hues is an approach's: its place among those of its provider. */
export function hues(approaches: readonly Approach[]): Record<string, number> {
  const seen: Record<string, number> = {}
  return Object.fromEntries(
    approaches.map((a) => {
      const place = seen[a.provider] ?? 0
      seen[a.provider] = place + 1
      return [a.id, place % 3]
    }),
  )
}

/** Providers in the order in which they first appear. */
export function providersOf(experiment: Experiment): string[] {
  return [...new Set([...experiment.approaches.map((a) => a.provider), ...experiment.proposing])]
}
