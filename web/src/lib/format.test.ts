import { expect, test } from 'vitest'
import { ago, clipTime, count, duration, number, percent } from './format'

test.each([
  [0.4, 'under 1 s'],
  [30, '30 s'],
  [89.6, '90 s'],
  [120, '2 min'],
  [3600, '1 h'],
  [4800, '1 h 20 min'],
])('duration of %s s is %s', (seconds, words) => expect(duration(seconds)).toBe(words))

test.each([
  [0, '0:00.00'],
  [2.98, '0:02.98'],
  [59.999, '1:00.00'],
  [61.5, '1:01.50'],
])('clip time %s is %s', (seconds, words) => expect(clipTime(seconds)).toBe(words))

test.each([
  [820, '820'],
  [1500, '1.5k'],
  [645_120, '645k'],
  [999_600, '1M'],
  [6_500_000, '6.5M'],
])('count %s is %s', (value, words) => expect(count(value)).toBe(words))

test.each([
  [null, '–'],
  [Number.NaN, '–'],
  [0, '0'],
  [0.26537, '0.265'],
  [-0.0003, '−0.0003'],
  [1404.2, '1,404'],
  [0.00001, '1.0e−5'],
])('number %s is %s', (value, words) => expect(number(value)).toBe(words))

test('percent stays between nothing and all', () => {
  expect([percent(-1), percent(0.356), percent(2), percent(null)]).toEqual([
    '0%',
    '36%',
    '100%',
    '0%',
  ])
})

test('ages are told in the largest fitting unit', () => {
  const now = Date.parse('2026-01-10T12:00:00Z')
  expect(ago('2026-01-10T11:59:40Z', now)).toBe('just now')
  expect(ago('2026-01-10T09:00:00Z', now)).toBe('3 hours ago')
  expect(ago('2026-01-09T11:00:00Z', now)).toBe('yesterday')
})
