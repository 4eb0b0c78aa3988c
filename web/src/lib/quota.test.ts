import { expect, test } from 'vitest'
import { nearlyUsed, usedOf } from './quota'

const quota = {
  jobs: 6,
  minutes: 120,
  megabytes: 5000,
  jobs_used: 6,
  minutes_used: 95,
  megabytes_used: 100,
}

test('what is nearly used up is said before it hurts, and nothing else', () => {
  expect(nearlyUsed(quota)).toBe('')
  expect(nearlyUsed({ ...quota, minutes_used: 96 })).toBe('Training today: 96 of 120 min.')
  expect(nearlyUsed({ ...quota, minutes: null, minutes_used: 1e6 })).toBe('')
  expect(nearlyUsed(null)).toBe('')
})

test('what has no bound is told without one', () => {
  expect(usedOf('megabytes', 1234.4, null)).toBe('1,234 MB')
  expect(usedOf('jobs', 2, 6)).toBe('2 of 6')
})
