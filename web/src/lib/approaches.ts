import type { Approach, ApproachStatus, Experiment } from '@/api/types'

const ACTIVE: readonly ApproachStatus[] = ['queued', 'training']

export const isActive = (a: Pick<Approach, 'status'>) => ACTIVE.includes(a.status)
export const canTrain = (a: Pick<Approach, 'status'>) => a.status === 'ready'
export const canRetry = (a: Pick<Approach, 'status'>) =>
  a.status === 'failed' || a.status === 'cancelled' || a.status === 'interrupted'
export const wasTrained = (a: Pick<Approach, 'status'>) =>
  isActive(a) || canRetry(a) || a.status === 'finished'

/**
 * Which of the nine hues is an approach's. They come in three families: one for each provider where
 * several took part, and a shade for each place in it; of one provider, the families come first.
 */
export function hues(approaches: readonly Approach[]): Record<string, number> {
  const providers = [...new Set(approaches.map((a) => a.provider))]
  const seen: Record<string, number> = {}
  return Object.fromEntries(
    approaches.map((a) => {
      const place = seen[a.provider] ?? 0
      seen[a.provider] = place + 1
      const hue = providers.length > 1 ? providers.indexOf(a.provider) + 3 * place : place
      return [a.id, hue % 9]
    }),
  )
}

/** Providers in the order in which they first appear. */
export function providersOf(experiment: Experiment): string[] {
  return [...new Set([...experiment.approaches.map((a) => a.provider), ...experiment.proposing])]
}
