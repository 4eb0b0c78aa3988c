import { expect, test } from 'vitest'
import type { RobotCard } from '@/api/types'
import { categories, matching } from './filter'

const robot = (name: string, category: string, type: string): RobotCard => ({
  id: name.replaceAll(' ', ''),
  name,
  type,
  category,
  dof: 12,
  description: '',
  base_policy: false,
  thumbnail: '',
  preview: null,
})
const ROBOTS = [
  robot('Go1', 'locomotion', 'quadruped'),
  robot('Panda', 'manipulation', 'arm'),
  robot('Go1 handstand', 'locomotion', 'quadruped'),
]

test('every word must be found, in any case', () => {
  expect(matching(ROBOTS, { words: 'GO1 hand', category: '' })).toEqual([ROBOTS[2]])
  expect(matching(ROBOTS, { words: ' quadruped ', category: '' })).toHaveLength(2)
  expect(matching(ROBOTS, { words: 'panda', category: 'locomotion' })).toEqual([])
})

test('categories are counted in the order of the gallery', () => {
  expect(categories(ROBOTS)).toEqual([
    ['locomotion', 2],
    ['manipulation', 1],
  ])
})
