import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { client } from '@/api/client'
import { anApproach, anExperiment } from '@/api/testing'
import type { Approach } from '@/api/types'
import { Versions } from './versions'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const learned = { numbers: { trained: {}, base: {} }, reasons: [], robustness: [], note: '' }
const files = (version: number) => ({
  clip: `/c${version}`,
  poster: null,
  model: `/api/models/q3X9vA7bT0kE.1-aloha-roll@${version}`,
})
const VERSIONS: Approach['versions'] = [
  { ...learned, ...files(1), version: 1, step: 645_120, num_steps: null, verdict: 'fail' },
  { ...learned, ...files(3), version: 3, step: 1_290_240, num_steps: null, verdict: 'pass' },
]

function show(fields: Partial<Approach>) {
  const job_id = 'q3X9vA7bT0kE.1-aloha-roll'
  const approach = anApproach({ status: 'finished', job_id, version: 3, ...fields })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Versions approach={approach} />
    </QueryClientProvider>,
  )
}

test('each version says how it did, and one press goes back to it', async () => {
  const post = vi
    .spyOn(client, 'POST')
    .mockResolvedValue({ data: anExperiment(), response: new Response() } as never)
  show({ versions: VERSIONS })
  const rows = screen.getAllByRole('listitem').map((row) => row.textContent)
  expect(rows[0]).toBe('Version 1645k stepsNot yetGo back to version 1')
  expect(rows[1]).toBe('Version 21.3M stepsDoes itshown')
  expect(screen.getByRole('button', { name: 'Versions live' })).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Go back to version 1' }))
  await waitFor(() =>
    expect(post).toHaveBeenCalledWith('/api/training/{job_id}/version', {
      params: { path: { job_id: 'q3X9vA7bT0kE.1-aloha-roll' } },
      body: { version: 1 },
    }),
  )
})

test('from an earlier version one goes forth; who only looks, or waits, changes nothing', () => {
  show({ versions: VERSIONS, version: 1 })
  expect(screen.getByRole('button', { name: 'Go forth to version 2' })).toBeTruthy()
  cleanup()
  show({ versions: VERSIONS, job_id: null })
  const list = within(screen.getByRole('list'))
  expect(list.queryByRole('button')).toBeNull()
  cleanup()
  show({ versions: VERSIONS, status: 'training' })
  expect(within(screen.getByRole('list')).queryByRole('button')).toBeNull()
})

test('one training is no version', () => {
  show({ versions: [] })
  expect(screen.queryByRole('region')).toBeNull()
})
