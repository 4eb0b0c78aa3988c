import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { APPROACHES } from '@/api/fields'
import { plansQuery } from '@/api/queries'
import type { BatchRequest, Hyperparameters, PlannedTraining, Plans, Preset } from '@/api/types'
import { wait } from '@/lib/estimates'
import { count } from '@/lib/format'

/** How to train: a preset, or a number of steps for each approach. */
export type Length = { preset: Preset } | { steps: number }

export type Plan = {
  length: Length
  approaches: number
  randomize: boolean
  seed: number
  hyperparameters: Partial<Hyperparameters>
}

export const DEFAULT_PLAN: Plan = {
  length: { preset: 'standard' },
  approaches: APPROACHES,
  randomize: false,
  seed: 0,
  hyperparameters: {},
}

export const PRESETS: { id: Preset; name: string; says: string }[] = [
  { id: 'quick', name: 'Quick', says: 'A first impression' },
  { id: 'standard', name: 'Standard', says: 'Usually gets it' },
  { id: 'quality', name: 'Quality', says: 'For the show' },
]

/** The slider has a step for each tenth of a power of ten, 10 thousand to 100 million. */
export const STEP_RANGE = { min: 40, max: 80 }
export const stepsAt = (place: number) => {
  const raw = 10 ** (place / 10)
  const size = 10 ** Math.floor(Math.log10(raw) - 1)
  return Math.round(raw / size) * size
}
export const placeOf = (steps: number) =>
  Math.min(STEP_RANGE.max, Math.max(STEP_RANGE.min, Math.round(10 * Math.log10(steps))))

/** What the server says each length would be on this machine. */
export function usePlans(robot: string, plan: Plan, total: number): Plans | undefined {
  const steps = useDeferredValue('steps' in plan.length ? plan.length.steps : undefined)
  const query = plansQuery(robot, total, plan.hyperparameters, steps)
  return useQuery({ ...query, placeholderData: keepPreviousData }).data
}

/** What was chosen, once the server has told. */
export function chosen(plan: Plan, plans: Plans | undefined): PlannedTraining | null {
  if ('preset' in plan.length) return plans?.presets[plan.length.preset] ?? null
  return plans?.custom ?? null
}

/** The plan in words: `645k steps each, about 3 min until the clips play`. */
export function inWords(planned: PlannedTraining | null): string {
  if (!planned) return ''
  return `${count(planned.steps)} steps each, ${wait(planned.estimate)} until the clips play`
}

/** What the server is asked, of a plan. */
export function asked(
  plan: Plan,
): Pick<BatchRequest, 'preset' | 'steps' | 'seed' | 'randomize' | 'hyperparameters'> {
  const own = Object.keys(plan.hyperparameters).length > 0
  return {
    ...plan.length,
    seed: plan.seed,
    randomize: plan.randomize,
    ...(own && { hyperparameters: plan.hyperparameters }),
  }
}
