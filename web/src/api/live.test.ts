import { expect, test } from 'vitest'
import { applyMessage } from './live'
import { anApproach, anExperiment, aPoint } from './testing'
import type { LiveMessage } from './types'

const progress = (fields: object): LiveMessage => ({
  kind: 'progress',
  approach: {
    id: '2-b',
    status: 'training',
    phase: 'training',
    step: 20,
    num_steps: 100,
    goal: null,
    progress: 0.2,
    steps_per_s: 10,
    seconds_left: 8,
    queue: null,
    where: '',
    cost_usd: null,
    points: [],
    ...fields,
  },
})

const before = anExperiment({
  approaches: [anApproach({ id: '1-a' }), anApproach({ id: '2-b', curve: [aPoint(10)] })],
})

test('the first message is the whole state', () => {
  expect(applyMessage(undefined, { kind: 'state', experiment: before })).toBe(before)
})

test('nothing is made of a patch before the state is there', () => {
  expect(applyMessage(undefined, progress({}))).toBeUndefined()
})

test('progress changes one approach and leaves the others as they are', () => {
  const after = applyMessage(before, progress({ points: [aPoint(20)] }))
  expect(after?.approaches[0]).toBe(before.approaches[0])
  expect(after?.approaches[1]?.step).toBe(20)
  expect(after?.approaches[1]?.curve.map((p) => p.step)).toEqual([10, 20])
})

test('a point that is sent twice is kept once', () => {
  const after = applyMessage(before, progress({ points: [aPoint(10), aPoint(20)] }))
  expect(after?.approaches[1]?.curve.map((p) => p.step)).toEqual([10, 20])
})

test('an evaluation at the step of a point is kept beside it', () => {
  const judged = { ...aPoint(10), numbers: { sway: 0.3 } }
  const after = applyMessage(before, progress({ points: [judged] }))
  expect(after?.approaches[1]?.curve).toHaveLength(2)
})

test('an approach replaces the one of its id, or joins', () => {
  const named = applyMessage(before, {
    kind: 'approach',
    approach: anApproach({ id: '1-a', name: 'New' }),
  })
  expect(named?.approaches.map((a) => a.name)).toEqual(['New', 'Aloha Roll'])
  const joined = applyMessage(before, { kind: 'approach', approach: anApproach({ id: '3-c' }) })
  expect(joined?.approaches.map((a) => a.id)).toEqual(['1-a', '2-b', '3-c'])
})

test('the head brings the order, and drops what it does not name', () => {
  const { approaches: _, my_vote: __, ...head } = anExperiment({ status: 'finished' })
  const after = applyMessage(before, { kind: 'experiment', experiment: head, order: ['2-b'] })
  expect(after?.status).toBe('finished')
  expect(after?.approaches).toEqual([before.approaches[1]])
})

test('a deleted experiment is null', () => {
  expect(applyMessage(before, { kind: 'deleted' })).toBeNull()
})
