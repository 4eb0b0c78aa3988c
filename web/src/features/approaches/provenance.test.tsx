import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { anApproach } from '@/api/testing'
import type { Approach, Usage } from '@/api/types'
import { Provenance } from './provenance'
import { Spent } from './spent'

afterEach(cleanup)

function show(fields: Partial<Approach>) {
  const queries = new QueryClient()
  queries.setQueryData(['providers'], [{ name: 'lab', title: 'The lab' }])
  const { container } = render(
    <QueryClientProvider client={queries}>
      <Provenance approach={anApproach(fields)} />
    </QueryClientProvider>,
  )
  return container.textContent
}

test('a card tells what to look for, who wrote it and how often it was repaired', () => {
  const text = show({
    looks: 'The hips swing.',
    provider: 'lab',
    model: 'qwen3',
    prompts: '1a2b3c4d',
    repairs: 2,
  })
  expect(text).toContain('What you should see: The hips swing.')
  expect(text).toContain('The lab qwen3 repaired 2 times, prompts 1a2b3c4d')
})

test('what stands in for a model that failed says so', () => {
  expect(show({ stands_in_for: 'lab' })).toBe('Built in, in place of The lab')
})

test('the built-in proposer has nothing to tell', () => {
  expect(show({})).toBe('')
})

test('each answer of a model has its tokens and its cost', () => {
  const answer = {
    purpose: 'improve' as const,
    model: 'qwen3',
    input_tokens: 1200,
    output_tokens: 340,
    cost_usd: 0.0019,
    seconds: 4.25,
    trouble: '',
  }
  const usage: Usage = { ...answer, requests: 1, answers: [answer] }
  render(<Spent title="The lab" usage={usage} />)
  expect(screen.getByText('The lab: 1 answer, 1.2k tokens in, 340 out, $0.0019')).toBeTruthy()
  expect(screen.getByRole('listitem', { hidden: true }).textContent).toBe(
    'Improvement1.2k tokens in, 340 out, $0.0019, 4.3 sqwen3',
  )
})
