import type { BatchRequest, Hyperparameters, Preset, RobotInfo } from '@/api/types'
import { count, duration } from '@/lib/format'

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
  approaches: 3,
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

/** Steps of each approach, where this machine was measured. */
export function stepsEach(plan: Plan, robot: RobotInfo | undefined, total: number): number | null {
  if ('steps' in plan.length) return plan.length.steps
  const shared = robot?.presets[plan.length.preset]?.steps
  return shared ? Math.round(shared / total) : null
}

/** Wall time of all approaches together, s, where it can be told. */
export function secondsOf(plan: Plan, robot: RobotInfo | undefined, total: number): number | null {
  if ('preset' in plan.length) return robot?.presets[plan.length.preset]?.seconds ?? null
  return robot?.steps_per_s ? (plan.length.steps * total) / robot.steps_per_s : null
}

/** The plan in words: `215k steps each, about 2 min in all`. */
export function estimate(plan: Plan, robot: RobotInfo | undefined, total: number): string {
  const steps = stepsEach(plan, robot, total)
  const seconds = secondsOf(plan, robot, total)
  const each = steps && `${count(steps)} steps each`
  const time = seconds !== null && `about ${duration(seconds)} in all`
  if (!each && !time) return 'The first training measures how fast this machine is.'
  return [each, time].filter(Boolean).join(', ')
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
