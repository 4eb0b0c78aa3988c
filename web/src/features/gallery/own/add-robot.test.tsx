import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { client } from '@/api/client'
import { aCustomRobot, anAddition } from '@/api/testing'
import type { AdditionStatus } from '@/api/types'
import { AddRobot } from './add-robot'

configure({ asyncUtilTimeout: 15_000 })

const HEROES = [{ name: 'anybotics_anymal_c', title: 'ANYmal C' }]
const answers = new Map<string, unknown>()

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function close() {
    this.open = false
  }
})
beforeEach(() => {
  answers.set('/api/playground/robots/menagerie', { heroes: HEROES, names: [], missing: null })
  answers.set('/api/playground/robots/{id}', aCustomRobot())
  const get = vi.spyOn(client, 'GET')
  get.mockImplementation((async (path: string) => ({
    data: answers.get(path),
    response: new Response(),
  })) as never)
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const becomes = (fields: Partial<AdditionStatus>) =>
  answers.set('/api/playground/robots/additions/{addition}', anAddition(fields))

/** Answers every POST with an addition; what was sent. */
function posting() {
  const post = vi.spyOn(client, 'POST')
  post.mockResolvedValue({ data: anAddition(), response: new Response() } as never)
  return post
}

async function open() {
  const onTeach = vi.fn()
  const onRemoved = vi.fn()
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  render(
    <QueryClientProvider client={queries}>
      <AddRobot onTeach={onTeach} onRemoved={onRemoved} />
    </QueryClientProvider>,
  )
  await userEvent.click(screen.getByRole('button', { name: /Add your own robot/ }))
  await screen.findByRole('button', { name: 'ANYmal C' })
  return { onTeach, onRemoved }
}

const model = (name = 'rex.xml') => new File(['<mujoco/>'], name)
const give = (...files: File[]) =>
  fireEvent.change(screen.getByLabelText('Files of a robot'), { target: { files } })

test('a model is sent as it is, what was understood is told, and it is taught', async () => {
  const post = posting()
  becomes({ state: 'added', robot: 'rex' })
  const { onTeach } = await open()
  give(model())
  const heading = await screen.findByRole('heading', { name: 'Rex' })
  expect(post).toHaveBeenCalledWith(
    '/api/playground/robots',
    expect.objectContaining({ params: { query: { file: 'rex.xml', model: undefined } } }),
  )
  expect(document.activeElement).toBe(heading)
  expect(screen.getByText('FR, FL, RR, RL')).toBeTruthy()
  expect(screen.getByText('It had no floor, so it got one.')).toBeTruthy()
  expect(screen.queryByRole('combobox', { name: 'Base' })).toBeNull() // MJCF says it
  await userEvent.click(screen.getByRole('button', { name: 'Teach it' }))
  expect(onTeach).toHaveBeenCalledWith('rex')
})

test('several files are sent as one zip', async () => {
  const post = posting()
  becomes({ state: 'working' })
  await open()
  give(model(), new File(['solid'], 'trunk.stl'))
  await screen.findByRole('progressbar')
  const [, sent] = post.mock.calls[0] as unknown as [string, { body: Blob; params: unknown }]
  expect(sent.params).toEqual({ query: { file: 'rex.zip', model: undefined } })
  expect(await sent.body.slice(0, 2).text()).toBe('PK')
})

test.each([
  ['trunk.stl', /trunk.stl is no model. Give a .xml/],
  ['.DS_Store', /no file in it/],
])('%s is refused before it is sent', async (name, said) => {
  const post = posting()
  await open()
  give(new File(['x'], name))
  expect((await screen.findByRole('alert')).textContent).toMatch(said)
  expect(post).not.toHaveBeenCalled()
})

test('what is wrong is told where it happened, and another try starts from there', async () => {
  posting()
  becomes({ state: 'failed', error: 'The mesh trunk.stl is missing.', hint: 'Put it beside.' })
  await open()
  give(model())
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toMatch(/The mesh trunk.stl is missing. Put it beside./)
  expect(screen.getByRole('button', { name: 'Choose files' })).toBeTruthy()
})

test('of several models one is chosen, and the same zip is sent with it', async () => {
  const post = posting()
  becomes({ state: 'failed', error: 'There are 2 models in it.', choices: ['a.xml', 'b.xml'] })
  await open()
  give(new File(['PK'], 'two.zip'))
  await userEvent.click(await screen.findByRole('button', { name: 'b.xml' }))
  await waitFor(() => expect(post).toHaveBeenCalledTimes(2))
  expect(post).toHaveBeenLastCalledWith(
    '/api/playground/robots',
    expect.objectContaining({ params: { query: { file: 'two.zip', model: 'b.xml' } } }),
  )
})

test('a hero of Menagerie is asked for by its name', async () => {
  const post = posting()
  becomes({ state: 'working', stage: 'Downloading', progress: 0.5 })
  await open()
  await userEvent.click(screen.getByRole('button', { name: 'ANYmal C' }))
  const bar = await screen.findByRole('progressbar', { name: 'Downloading' })
  expect(bar.getAttribute('aria-valuenow')).toBe('50')
  expect(post).toHaveBeenCalledWith('/api/playground/robots/menagerie', {
    body: { name: 'anybotics_anymal_c' },
  })
})

test('without the package it says what to install', async () => {
  answers.set('/api/playground/robots/menagerie', {
    heroes: HEROES,
    names: [],
    missing: 'pip install mujoco-menagerie',
  })
  const queries = new QueryClient()
  render(
    <QueryClientProvider client={queries}>
      <AddRobot onTeach={() => {}} onRemoved={() => {}} />
    </QueryClientProvider>,
  )
  await userEvent.click(screen.getByRole('button', { name: /Add your own robot/ }))
  expect(await screen.findByText('pip install mujoco-menagerie')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'ANYmal C' })).toBeNull()
})

test('a kind is corrected, and a correction that does not fit leaves it as it was', async () => {
  const post = posting()
  becomes({ state: 'added', robot: 'rex' })
  await open()
  give(model())
  const again = await screen.findByRole('button', { name: 'Make it again' })
  expect(again.hasAttribute('disabled')).toBe(true)
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'other')
  becomes({ id: 'another-one', state: 'failed', error: 'This robot is no other.' })
  post.mockResolvedValue({
    data: anAddition({ id: 'another-one' }),
    response: new Response(),
  } as never)
  await userEvent.click(again)
  expect((await screen.findByRole('alert')).textContent).toMatch(/no other/)
  expect(post).toHaveBeenLastCalledWith('/api/playground/robots/{id}/correct', {
    params: { path: { id: 'rex' } },
    body: { kind: 'other', forward: null, base: null },
  })
  expect(screen.getByRole('heading', { name: 'Rex' })).toBeTruthy()
})

test('it is removed only once that was said twice', async () => {
  posting()
  const remove = vi.spyOn(client, 'DELETE')
  remove.mockResolvedValue({ data: undefined, response: new Response() } as never)
  becomes({ state: 'added', robot: 'rex' })
  const { onRemoved } = await open()
  give(model())
  await userEvent.click(await screen.findByRole('button', { name: 'Remove Rex' }))
  expect(remove).not.toHaveBeenCalled()
  await userEvent.click(screen.getByRole('button', { name: 'Yes, remove it' }))
  await waitFor(() => expect(onRemoved).toHaveBeenCalledWith('rex'))
})
