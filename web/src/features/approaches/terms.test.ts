import { expect, test } from 'vitest'
import { weightScale, weightsFor } from './terms'

test('a term that the source no longer names has no weight', () => {
  const source = 'def reward(s):\n    return {"calm": s.power, \'up\': s.upright}\n'
  expect(weightsFor(source, { calm: 1, up: 2, gone: 3, cal: 4 })).toEqual({ calm: 1, up: 2 })
})

test('a slider stands where its weight is, whatever the others are', () => {
  const { place, max } = weightScale([2, 0.3, -0.005])
  expect(place(0)).toBe(0)
  expect(place(-0.005)).toBeLessThan(place(0.3))
  expect(place(0.3)).toBeLessThan(place(2))
  expect(place(2)).toBeLessThan(max)
  expect(place(2)).toBe(weightScale([2]).place(2))
})

test('each place has a weight that stands there', () => {
  const { place, weight, max } = weightScale([1])
  for (let at = 0; at <= max; at++) expect(place(weight(at))).toBe(at)
})

test('a weight beyond the usual is reached too', () => {
  const { place, weight, max } = weightScale([4000, 3e-6])
  expect(weight(max)).toBe(10_000)
  expect(weight(place(3e-6))).toBeCloseTo(3e-6, 7)
})
