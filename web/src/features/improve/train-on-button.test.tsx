import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { client } from '@/api/client'
import { anApproach, anExperiment } from '@/api/testing'
import type { Approach } from '@/api/types'
import { TrainOnButton } from './train-on-button'

const JOB = 'q3X9vA7bT0kE.1-aloha-roll'
const missed = (fields: Partial<Approach> = {}) =>
  anApproach({
    status: 'finished',
    verdict: 'fail',
    job_id: JOB,
    files: { ...anApproach().files, policy: '/p' },
    ...fields,
  })

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

function show(approach: Approach, read_only = false) {
  const onTrained = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TrainOnButton
        experiment={anExperiment({ approaches: [approach], read_only })}
        approach={approach}
        onTrained={onTrained}
      />
    </QueryClientProvider>,
  )
  return onTrained
}

test('one press trains on what does not do it yet', async () => {
  const post = vi.spyOn(client, 'POST')
  post.mockResolvedValue({ data: {}, response: new Response() } as never)
  const onTrained = show(missed())
  await userEvent.click(screen.getByRole('button', { name: 'Train on Aloha Roll' }))
  await waitFor(() => expect(onTrained).toHaveBeenCalled())
  expect(post).toHaveBeenCalledWith('/api/training/{job_id}/continue', {
    params: { path: { job_id: JOB } },
  })
})

test('what does it, trains, has no policy or is only shared offers nothing', () => {
  show(missed({ verdict: 'pass' }))
  show(missed({ status: 'training' }))
  show(missed({ files: anApproach().files }))
  show(missed(), true)
  expect(screen.queryByRole('button')).toBeNull()
})
