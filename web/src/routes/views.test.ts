import { expect, test } from 'vitest'
import { anApproach, anExperiment } from '@/api/testing'
import { openViews, viewOf } from './views'

const files = { ...anApproach().files, clip: '/api/videos/x.mp4' }
const draft = anExperiment()
const running = anExperiment({ approaches: [anApproach({ status: 'training' })] })
const finished = anExperiment({ approaches: [anApproach({ status: 'finished', files })] })

test('a draft shows its approaches, a training its progress, the rest the clips', () => {
  expect([draft, running, finished].map((e) => viewOf(e, null))).toEqual([
    'approaches',
    'training',
    'compare',
  ])
})

test('the address chooses among the views that have something to show', () => {
  expect(viewOf(finished, 'training')).toBe('training')
  expect(viewOf(draft, 'compare')).toBe('approaches')
  expect(openViews(running)).toEqual(['approaches', 'training'])
})
