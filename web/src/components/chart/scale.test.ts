import { expect, test } from 'vitest'
import { extent, nearest, path, ticks } from './scale'

test('ticks are round and inside the range', () => {
  expect(ticks([0, 1], 4)).toEqual([0, 0.5, 1])
  expect(ticks([803, 1622], 4)).toEqual([1000, 1500])
  expect(ticks([-0.3, 0.3], 6)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
  expect(ticks([2, 2], 4)).toEqual([2])
})

test('an extent is never empty', () => {
  expect(extent([])).toEqual([0, 1])
  const [low, high] = extent([3, 3])
  expect(low).toBeLessThan(3)
  expect(high).toBeGreaterThan(3)
})

test('a path goes through its dots', () => {
  expect(
    path(
      [
        [0, 0],
        [1, 2],
      ],
      (x) => x * 10,
      (y) => y,
    ),
  ).toBe('M0.0 0.0L10.0 2.0')
})

test('the nearest dot is found, if there is one', () => {
  expect(
    nearest(
      [
        [0, 1],
        [10, 2],
      ],
      6,
    ),
  ).toEqual([10, 2])
  expect(nearest([], 6)).toBeUndefined()
})
