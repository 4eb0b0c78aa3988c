import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { someCommands } from '@/api/testing'
import { CommandsCard } from './commands-card'

afterEach(cleanup)

test('it says that nothing was trained, what was commanded, and what the judge says', () => {
  render(<CommandsCard commands={someCommands({ clip: '/api/videos/a', verdict: 'pass' })} />)
  const card = screen.getByRole('article', { name: 'From commands: As told' })
  expect(within(card).getByText('From commands · not trained')).toBeTruthy()
  expect(within(card).getByText('Does it')).toBeTruthy()
  const steps = within(card).getByRole('list', { name: 'Commands' })
  expect(
    within(steps)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual(['2.0 s forward at 0.8 m/s', '1.6 s turning left at 1 rad/s'])
  expect(screen.getByLabelText('Clip of As told').getAttribute('src')).toBe('/api/videos/a')
})

test('it shows how far the robot was from where the commands lead', () => {
  const criterion = { measure: 'path_error', signal: null, args: {}, at_least: null, slack: 0.3 }
  const metric = {
    name: 'as commanded',
    question: 'Does it go where the commands lead?',
    doubt: '',
    criteria: [{ ...criterion, label: 'path error (m)', at_most: 0.3 }],
  }
  const numbers = { 'path error (m)': 0.12 }
  render(<CommandsCard commands={someCommands({ verdict: 'pass', metric, numbers })} />)
  const table = screen.getByRole('table', { name: 'Does it go where the commands lead?' })
  const row = within(table).getByRole('row', { name: /path error/ })
  expect(row.textContent).toContain('0.12')
  expect(row.textContent).toContain('≤ 0.3')
})

test('until there is a clip it shows how far the drawing is', () => {
  render(<CommandsCard commands={someCommands({ status: 'rendering', progress: 0.4 })} />)
  const bar = screen.getByRole('progressbar', { name: 'Drawing the clip' })
  expect(bar.getAttribute('aria-valuenow')).toBe('40')
})

test('what failed or was cut is said', () => {
  const error = { phase: 'rendering', message: 'It stumbled.', hint: '', detail: '' } as const
  const note = 'The last 5.0 s are cut.'
  render(<CommandsCard commands={someCommands({ status: 'failed', error, note })} />)
  expect(screen.getByRole('alert').textContent).toContain('It stumbled.')
  expect(screen.getByText(note)).toBeTruthy()
  expect(screen.getByText('No clip')).toBeTruthy()
})
