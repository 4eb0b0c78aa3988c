import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { anApproach } from '@/api/testing'
import type { Approach } from '@/api/types'
import { JobCard } from './job-card'

afterEach(cleanup)

const robot = 'Go1JoystickFlatTerrain'
const error = { phase: 'training', message: 'worker killed', hint: '', detail: '' } as const

function show(fields: Partial<Approach>) {
  const queries = new QueryClient()
  queries.setQueryData(['robot', robot], { thumbnail: '/robot.jpg', preview: '/robot.mp4' })
  render(
    <QueryClientProvider client={queries}>
      <JobCard approach={anApproach(fields)} robot={robot} hue={0} readOnly={false} />
    </QueryClientProvider>,
  )
  return within(screen.getByRole('article', { name: 'Aloha Roll' }))
}

const half = { status: 'training', phase: 'training', num_steps: 80, step: 40 } as const

test('a training says what it does, how far it is and how long it will take', () => {
  const card = show({ ...half, seconds_left: 25 })
  expect(card.getByText('Practising 50%')).toBeTruthy()
  expect(card.getByText('25 s left')).toBeTruthy()
  expect(card.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50')
  expect(card.getByText('Before training')).toBeTruthy()
})

test('one that goes on past its steps says why and how far', () => {
  const card = show({ ...half, step: 90, goal: 100, max_steps: 160, seconds_left: 5 })
  expect(card.getByText('Still getting better, goes on 90%')).toBeTruthy()
  expect(card.getByText('90 of 100 steps, at most 160')).toBeTruthy()
})

test('one that has learned it before its steps are made says so', () => {
  const card = show({ ...half, status: 'finished', phase: 'done', max_steps: 160 })
  expect(card.getByText('Learned it early')).toBeTruthy()
  expect(card.getByText('40 of 80 steps')).toBeTruthy()
})

test('one that was asked to stop says so and cannot be asked again', () => {
  const card = show({ ...half, stopping: true })
  expect(card.getByText(/^Stopping/)).toBeTruthy()
  expect(card.getByRole('button', { name: 'Stop' }).hasAttribute('disabled')).toBe(true)
})

test('one that was stopped is calm, whatever its worker said at the end', () => {
  const files = { ...anApproach().files, policy: '/policy' }
  const card = show({ status: 'cancelled', phase: 'training', error, files })
  expect(card.getByText('Stopped. It keeps what it learned so far.')).toBeTruthy()
  expect(card.queryByRole('alert')).toBeNull()
  expect(card.queryByText(/killed/)).toBeNull()
})

test('one that runs elsewhere says where and what it costs, about', () => {
  const card = show({ ...half, where: 'Modal, 4 cores', cost_usd: 0.0123 })
  expect(card.getByText('Modal, 4 cores, about $0.012 · 40 of 80 steps')).toBeTruthy()
})

test('one that failed says why', () => {
  const card = show({ status: 'failed', phase: 'training', error })
  expect(card.getByRole('alert').textContent).toContain('worker killed')
  expect(card.getByRole('button', { name: 'Try again' })).toBeTruthy()
})
