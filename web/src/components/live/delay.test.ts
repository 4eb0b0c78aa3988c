import { expect, test } from 'vitest'
import { Delay } from './delay'

test('a delay lasts from what was asked to what has heard it', () => {
  const delay = new Delay()
  delay.ask(100)
  delay.ask(110)
  delay.hear(0, 115)
  expect(delay.last).toBe(null)
  delay.hear(1, 120)
  expect(delay.last).toBe(20)
  delay.hear(2, 150)
  expect(delay.last).toBe(40)
})

test('whoever begins anew has heard nothing', () => {
  const delay = new Delay()
  delay.ask(0)
  delay.begin()
  delay.ask(50)
  delay.hear(1, 58)
  expect(delay.last).toBe(8)
})
