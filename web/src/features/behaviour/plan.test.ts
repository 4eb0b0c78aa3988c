import { expect, test } from 'vitest'
import { aPlannedTraining } from '@/api/testing'
import { asked, chosen, DEFAULT_PLAN, inWords, placeOf, stepsAt } from './plan'

const plans = {
  presets: {
    quick: aPlannedTraining({ steps: 163_840 }),
    standard: aPlannedTraining({ steps: 645_120 }),
    quality: aPlannedTraining({ steps: 1_290_240 }),
  },
  custom: aPlannedTraining({ steps: 600_000 }),
}

test('a preset tells its steps and the whole wait', () => {
  const words = inWords(chosen(DEFAULT_PLAN, plans))
  expect(words).toBe('645k steps each, about 3 min until the clips play')
  expect(inWords(chosen(DEFAULT_PLAN, undefined))).toBe('')
})

test('a number of steps tells its own', () => {
  const plan = { ...DEFAULT_PLAN, length: { steps: 600_000 } }
  expect(chosen(plan, plans)?.steps).toBe(600_000)
  expect(chosen(plan, { ...plans, custom: null })).toBeNull()
})

test('a guess says that it is one', () => {
  const estimate = { ...aPlannedTraining().estimate, guess: true }
  expect(inWords(aPlannedTraining({ estimate }))).toContain('a first guess')
})

test('the slider finds back to what it shows', () => {
  for (let place = 40; place <= 80; place++) expect(placeOf(stepsAt(place))).toBe(place)
})

test('hyperparameters are only asked for where they were changed', () => {
  expect(asked(DEFAULT_PLAN)).toEqual({ preset: 'standard', seed: 0, randomize: false })
  const plan = { ...DEFAULT_PLAN, hyperparameters: { num_envs: 64 } }
  expect(asked(plan).hyperparameters).toEqual({ num_envs: 64 })
})
