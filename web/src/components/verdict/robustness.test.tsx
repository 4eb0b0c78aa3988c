import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { Robustness } from './robustness'

afterEach(cleanup)

test('each level says in words what passes of it', () => {
  render(
    <Robustness
      robustness={[
        { what: 'friction', levels: [0.25, 0.5, 1], passes: [0, 4, 5], tries: 5 },
        { what: 'push', levels: [0, 1.5], passes: [5, 2], tries: 5 },
      ]}
    />,
  )
  const rows = screen.getAllByRole('row')
  expect(rows.map((row) => within(row).getByRole('rowheader').textContent)).toEqual([
    'friction',
    'push (m/s)',
  ])
  const cells = screen.getAllByRole('cell')
  expect(cells.map((cell) => cell.textContent)).toEqual([
    '×0.250/5 pass',
    '×0.54/5 pass',
    '×15/5 pass',
    '05/5 pass',
    '1.52/5 pass',
  ])
  expect(cells.map((cell) => cell.dataset.bears)).toEqual(['none', 'some', 'all', 'all', 'some'])
  expect(screen.getByTitle('friction ×0.5: 4 of 5 pass')).toBe(cells[1])
  expect(screen.getByTitle('push 1.5 m/s: 2 of 5 pass')).toBe(cells[4])
})

test('what was not tested shows nothing', () => {
  const { container } = render(<Robustness robustness={[]} />)
  expect(container.childElementCount).toBe(0)
})
