import { expect, test } from 'vitest'
import { weightRange, weightsFor } from './terms'

test('a term that the source no longer names has no weight', () => {
  const source = 'def reward(s):\n    return {"calm": s.power, \'up\': s.upright}\n'
  expect(weightsFor(source, { calm: 1, up: 2, gone: 3, cal: 4 })).toEqual({ calm: 1, up: 2 })
})

test('a slider reaches three times the proposed weight, whatever its sign', () => {
  expect(weightRange(-0.005).max).toBeCloseTo(0.015)
  expect(weightRange(2).max).toBe(6)
  expect(weightRange(0).max).toBe(1)
})
