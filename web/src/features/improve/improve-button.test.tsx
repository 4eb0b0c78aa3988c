import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { client } from '@/api/client'
import { anApproach, anExperiment } from '@/api/testing'
import type { Approach, Experiment, ProviderInfo } from '@/api/types'
import { ImproveButton } from './improve-button'

configure({ asyncUtilTimeout: 15_000 })

const PROVIDERS: ProviderInfo[] = [
  { name: 'builtin', title: 'Built in', state: 'ready', detail: '' },
  { name: 'lab', title: 'The lab', state: 'ready', detail: '' },
  { name: 'google', title: 'Gemini', state: 'no key', detail: 'Set GEMINI_API_KEY.' },
]
const trained = (fields: Partial<Approach> = {}) =>
  anApproach({
    status: 'finished',
    job_id: 'q3X9vA7bT0kE.1-aloha-roll',
    files: { ...anApproach().files, clip: '/c', policy: '/p' },
    ...fields,
  })
const parent = trained()
const second = trained({ id: '2-hula', name: 'Hula', job_id: 'q3X9vA7bT0kE.2-hula' })
const child = anApproach({
  id: '3-aloha-roll-2',
  name: 'Aloha Roll 2',
  description: 'Wider.',
  origin: {
    experiment: 'q3X9vA7bT0kE',
    approach: parent.id,
    name: parent.name,
    wish: 'wider',
    changes: [
      { kind: 'weight', name: 'roll', before: 2, after: 3 },
      {
        kind: 'code',
        lines: [
          { kind: 'same', text: 'def reward(s):', marked: null },
          { kind: 'removed', text: '    x = 0.25', marked: [8, 12] },
          { kind: 'added', text: '    x = 0.34', marked: [8, 12] },
        ],
      },
    ],
  },
})
const start = anExperiment({ approaches: [parent, second], status: 'finished' })

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function close() {
    this.open = false
  }
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

function show(experiment: Experiment, wish = '') {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(['providers'], PROVIDERS)
  const page = (now: Experiment) => (
    <QueryClientProvider client={queries}>
      <ImproveButton
        experiment={now}
        approach={now.approaches[0] as Approach}
        wish={wish}
        onTrained={() => {}}
      />
    </QueryClientProvider>
  )
  const { rerender } = render(page(experiment))
  return (now: Experiment) => rerender(page(now))
}

/** Answers every POST with an experiment; what was sent. */
function answering(experiment: Experiment, response = new Response()) {
  const post = vi.spyOn(client, 'POST')
  post.mockResolvedValue({ data: experiment, response } as never)
  return post
}

async function open() {
  await userEvent.click(screen.getByRole('button', { name: 'Improve Aloha Roll' }))
  return screen.findByRole('textbox', { name: 'What should be different?' })
}

test('what was said, liked and chosen is sent, and the child shows what was changed', async () => {
  const change = show(start)
  const post = answering({ ...start, approaches: [parent, second, child] })
  await userEvent.type(await open(), 'swing')
  await userEvent.click(screen.getByRole('button', { name: 'wider' }))
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'You like best' }), 'Hula')
  await userEvent.click(screen.getByRole('button', { name: 'Improve it' }))
  await waitFor(() =>
    expect(post).toHaveBeenCalledWith('/api/training/improve', {
      body: {
        job_id: parent.job_id,
        wish: 'swing, wider',
        best: '2-hula',
        worst: null,
        provider: 'builtin',
      },
    }),
  )
  change({ ...start, approaches: [parent, second, child] })
  expect(await screen.findByRole('heading', { name: 'Aloha Roll 2' })).toBeTruthy()
  const diff = screen.getByRole('region', { name: 'Changes from Aloha Roll to Aloha Roll 2' })
  expect(
    within(diff)
      .getAllByText(/0\.\d+/)
      .map((mark) => mark.textContent),
  ).toEqual(['0.25', '0.34'])
  expect(within(diff).getByRole('listitem').textContent).toBe('roll23')
  await userEvent.click(screen.getByRole('button', { name: 'Train on from Aloha Roll' }))
  expect(post).toHaveBeenLastCalledWith('/api/training/batch', {
    body: { experiment: start.id, approaches: [child.id], preset: 'quick' },
  })
})

test('what was said on the page before stands there already', async () => {
  show(start, 'calmer, please')
  const field = (await open()) as HTMLTextAreaElement
  expect(field.value).toBe('calmer, please')
})

test('a model may take its time, and its child is shown when it comes', async () => {
  const change = show(start)
  const thinking = { ...start, proposing: ['lab'] }
  answering(thinking)
  await open()
  await userEvent.click(screen.getByRole('radio', { name: 'The lab' }))
  await userEvent.click(screen.getByRole('button', { name: 'Improve it' }))
  change(thinking)
  expect(await screen.findByText(/The lab reads the numbers/)).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Editing' }).hasAttribute('disabled')).toBe(true)
  change({ ...start, approaches: [parent, second, { ...child, status: 'checking' }] })
  const train = await screen.findByRole('button', { name: 'Train on from Aloha Roll' })
  expect(train.hasAttribute('disabled')).toBe(true)
})

test('a model that fails is named with what it said', async () => {
  const change = show(start)
  answering(start)
  await open()
  await userEvent.click(screen.getByRole('radio', { name: 'The lab' }))
  await userEvent.click(screen.getByRole('button', { name: 'Improve it' }))
  change({ ...start, errors: ['Aloha Roll stays as it is: lab did not edit it: no key.'] })
  expect((await screen.findByRole('alert')).textContent).toContain('lab did not edit it: no key.')
  expect(screen.getByRole('button', { name: 'Improve it' })).toBeTruthy()
})

test('who has no key can be seen and not be chosen', async () => {
  show(start)
  await open()
  const absent = screen.getByRole('radio', { name: 'Gemini no key' })
  expect(absent.hasAttribute('disabled')).toBe(true)
})

test('what has no policy, trains or is only shared cannot be improved', () => {
  show({ ...start, approaches: [anApproach()] })
  show({ ...start, approaches: [trained({ status: 'training' })] })
  show({ ...start, read_only: true })
  expect(screen.queryByRole('button')).toBeNull()
})
