import { expect, test } from 'vitest'
import type { RobotInfo } from '@/api/types'
import { asked, DEFAULT_PLAN, estimate, placeOf, stepsAt } from './plan'

const measured = {
  presets: { standard: { seconds: 120, steps: 1_800_000 } },
  steps_per_s: 15_000,
} as unknown as RobotInfo

test('a preset tells the steps of each approach and the time of all', () => {
  expect(estimate(DEFAULT_PLAN, measured, 3)).toBe('600k steps each, about 2 min in all')
})

test('a number of steps tells its time where the machine was measured', () => {
  const plan = { ...DEFAULT_PLAN, length: { steps: 600_000 } }
  expect(estimate(plan, measured, 3)).toBe('600k steps each, about 2 min in all')
  expect(estimate(plan, undefined, 3)).toBe('600k steps each')
})

test('the slider finds back to what it shows', () => {
  for (let place = 40; place <= 80; place++) expect(placeOf(stepsAt(place))).toBe(place)
})

test('hyperparameters are only asked for where they were changed', () => {
  expect(asked(DEFAULT_PLAN)).toEqual({ preset: 'standard', seed: 0, randomize: false })
  const plan = { ...DEFAULT_PLAN, hyperparameters: { num_envs: 64 } }
  expect(asked(plan).hyperparameters).toEqual({ num_envs: 64 })
})
