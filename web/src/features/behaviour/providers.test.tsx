import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import type { ProviderInfo } from '@/api/types'
import { Providers } from './providers'

afterEach(cleanup)

const KNOWN: ProviderInfo[] = [
  { name: 'builtin', title: 'Built in', state: 'ready', detail: '' },
  { name: 'lab', title: 'The lab', state: 'ready', detail: '' },
  { name: 'openai', title: 'GPT', state: 'no key', detail: 'Set OPENAI_API_KEY.' },
  { name: 'ollama', title: 'Ollama', state: 'unreachable', detail: 'Nothing answers.' },
]

function Page() {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  return <Providers providers={KNOWN} left={left} onChange={setLeft} />
}

const pressed = () =>
  screen.getAllByRole('button', { pressed: true }).map((button) => button.textContent)

test('all who are ready are asked, and one press asks all again', async () => {
  render(<Page />)
  expect(pressed()).toEqual(['Built in', 'The lab'])
  await userEvent.click(screen.getByRole('button', { name: 'The lab' }))
  expect(pressed()).toEqual(['Built in'])
  await userEvent.click(screen.getByRole('button', { name: 'Ask all 2' }))
  expect(pressed()).toEqual(['Built in', 'The lab'])
  expect(screen.queryByRole('button', { name: 'Ask all 2' })).toBeNull()
})

test('one line says who is asked and who could be', async () => {
  render(<Page />)
  const line = screen.getByText('Built in, The lab · add GPT, Ollama')
  await userEvent.click(line)
  await userEvent.click(screen.getByRole('button', { name: 'Built in' }))
  expect(line.textContent).toContain('The lab · add GPT, Ollama')
  expect(line.textContent).not.toContain('Built in')
})

test('who cannot be asked says why, and what to do', () => {
  render(<Page />)
  expect(screen.getAllByRole('term').map((term) => term.textContent)).toEqual([
    'GPT no key',
    'Ollama unreachable',
  ])
  expect(screen.getAllByRole('definition').map((text) => text.textContent)).toEqual([
    'Set OPENAI_API_KEY.',
    'Nothing answers.',
  ])
})
