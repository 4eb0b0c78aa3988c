import { expect, test } from 'vitest'
import { drawn, interval } from './trial'

test('an interval is wide for few starts and never leaves what a share can be', () => {
  const [low, high] = interval(18, 20)
  expect(low).toBeCloseTo(0.699, 3)
  expect(high).toBeCloseTo(0.972, 3)
  expect(interval(0, 20)[0]).toBe(0)
  expect(interval(20, 20)[1]).toBeCloseTo(1)
  expect(interval(180, 200)[0]).toBeGreaterThan(low)
})

test('the same start is drawn for each policy, another for each number', () => {
  const draw = (seed: number) => Array.from({ length: 200 }, drawn(seed))
  expect(draw(3)).toEqual(draw(3))
  expect(draw(3)).not.toEqual(draw(4))
  expect(Math.max(...draw(3).map(Math.abs))).toBeLessThanOrEqual(1)
  expect(Math.abs(draw(3).reduce((sum, x) => sum + x, 0) / 200)).toBeLessThan(0.15)
})
