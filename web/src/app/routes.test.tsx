import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, render, screen } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { afterEach, expect, test } from 'vitest'
import { choicesQuery, keys } from '@/api/queries'
import { anApproach, anExperiment, aReading, someChoices } from '@/api/testing'
import { routes } from './routes'

configure({ asyncUtilTimeout: 15_000 }) // pages are loaded when they are opened
afterEach(cleanup)

class SilentSocket {
  close() {}
}

function open(address: string, fill: (queries: QueryClient) => void) {
  Object.assign(globalThis, { WebSocket: SilentSocket })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  fill(queries)
  const router = createMemoryRouter(routes, { initialEntries: [address] })
  render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
}

test('an experiment shows its sentence, its approaches and what one can do', async () => {
  const experiment = anExperiment({ reading: aReading({ unread: ['aloha'] }) })
  open(`/experiments/${experiment.id}`, (queries) => {
    queries.setQueryData(choicesQuery(experiment.robot).queryKey, someChoices())
    queries.setQueryData(keys.experiment({ kind: 'own', id: experiment.id }), experiment)
    queries.setQueryData(['providers'], [])
    queries.setQueryData(['robot', experiment.robot], { presets: {} })
  })
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(
    `“${experiment.sentence}”`,
  )
  expect(screen.getByText(/^Read as walk/).textContent).toBe('Read as walk; not read: aloha')
  expect(screen.getByRole('article', { name: 'Aloha Roll' })).toBeTruthy()
  expect(screen.getByRole('slider', { name: 'Weight of roll' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Train it' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Delete' })).toBeTruthy()
})

test('a shared experiment can be forked and not be changed', async () => {
  const experiment = anExperiment({ read_only: true, approaches: [anApproach()] })
  open('/s/abc', (queries) => {
    queries.setQueryData(keys.experiment({ kind: 'shared', id: 'abc' }), experiment)
    queries.setQueryData(['providers'], [])
    queries.setQueryData(['robot', experiment.robot], { presets: {} })
  })
  expect(await screen.findByRole('button', { name: 'Make it mine' })).toBeTruthy()
  expect(screen.getByRole('slider', { name: 'Weight of roll' }).hasAttribute('disabled')).toBe(true)
  expect(screen.queryByRole('button', { name: 'Edit code' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull()
})

test('an address that is none says so', async () => {
  open('/no/such/page', () => {})
  expect(await screen.findByText('Nobody home')).toBeTruthy()
})
