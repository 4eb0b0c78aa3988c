import { expect, test } from 'vitest'
import { type Facts, scripted } from './facts'
import { commanded, wishOfGamepad, wishOfKeys } from './steering'

const RANGES: [number, number][] = [
  [-0.6, 1.5],
  [-0.8, 0.8],
  [-0.7, 0.7],
]

test('keys that are held together add up, and opposite ones cancel', () => {
  expect(wishOfKeys(['KeyW', 'ArrowLeft'])).toEqual([1, 0, 1])
  expect(wishOfKeys(['KeyW', 'ArrowUp'])).toEqual([1, 0, 0])
  expect(wishOfKeys(['KeyA', 'KeyD'])).toEqual([0, 0, 0])
  expect(wishOfKeys(['Space'])).toEqual([0, 0, 0])
})

test('a stick that rests near its middle asks for nothing', () => {
  expect(wishOfGamepad({ axes: [0.1, -0.8, 0.14] })).toEqual([0.8, 0, 0])
})

test('a wish becomes a command within what the robot follows', () => {
  expect(commanded([1, 0, -1], RANGES)).toEqual([1.5, 0, -0.7])
  expect(commanded([-0.5, 1, 0], RANGES)).toEqual([-0.3, 0.8, 0])
})

test('a script tells its commands one after another and ends with the last', () => {
  const script = [
    { seconds: 1, forward: 0.5, left: 0, turn: 0 },
    { seconds: 2, forward: 0, left: 0, turn: 1 },
  ]
  const facts = { script, command: [9, 9, 9] } as unknown as Facts
  expect([0, 0.99, 1, 7].map((time) => scripted(facts, time))).toEqual([
    [0.5, 0, 0],
    [0.5, 0, 0],
    [0, 0, 1],
    [0, 0, 1],
  ])
  expect(scripted({ ...facts, script: [] }, 3)).toEqual([9, 9, 9])
})
