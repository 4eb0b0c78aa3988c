import { expect, test } from 'vitest'
import type { RobotCard } from '@/api/types'
import { categories, matching } from './filter'

const robot = (id: string, name: string, category: string, type: string): RobotCard => ({
  id,
  name,
  type,
  maker: null,
  category,
  dof: 12,
  description: '',
  base_policy: false,
  thumbnail: '',
  preview: null,
})
const G1 = {
  ...robot('G1JoystickFlatTerrain', 'G1', 'locomotion', 'humanoid'),
  maker: 'Unitree',
  description: 'A supple waist and arms to wave.',
}
const GO1 = { ...robot('Go1', 'Go1', 'locomotion', 'quadruped'), maker: 'Unitree' }
const STAND = robot('Go1Handstand', 'Go1, handstand', 'locomotion', 'quadruped')
const CARTPOLE = robot('CartpoleBalance', 'Cartpole, balance', 'dm_control_suite', 'classic')
const PANDA = {
  ...robot('PandaPickCubeCartesian', 'Panda, straight lines', 'manipulation', 'arm'),
  maker: 'Franka Emika',
}
const HAND = robot('LeapCubeReorient', 'LEAP hand', 'manipulation', 'hand')
const ROBOTS = [G1, GO1, STAND, CARTPOLE, PANDA, HAND]

const found = (words: string, category = '') => matching(ROBOTS, { words, category })

test('every word must begin one of the robot, in any case and order', () => {
  expect(found('HAND go1')).toEqual([STAND])
  expect(found(' quadruped ')).toEqual([GO1, STAND])
  expect(found('panda', 'locomotion')).toEqual([])
  expect(found('')).toEqual(ROBOTS)
})

test('who builds it finds it', () => {
  expect(found('franka')).toEqual([PANDA])
  expect(found('unitree')).toEqual([G1, GO1])
})

test('what a robot is comes before what is said about it', () => {
  expect(found('arm')).toEqual([PANDA, G1])
  expect(found('hand')).toEqual([HAND, STAND])
})

test('the middle of a word is none, nor is a part of an id, and a whole id is', () => {
  expect(found('car')).toEqual([CARTPOLE])
  expect(found('pole')).toEqual([])
  expect(found('PandaPickCubeCartesian')).toEqual([PANDA])
})

test('categories are counted in the order of the gallery', () => {
  expect(categories(ROBOTS)).toEqual([
    ['locomotion', 3],
    ['dm_control_suite', 1],
    ['manipulation', 2],
  ])
})
