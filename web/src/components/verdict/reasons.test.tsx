import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { anApproach } from '@/api/testing'
import { Reasons } from './reasons'

afterEach(cleanup)

test('what is missing comes first, then what is reached and what became better', () => {
  render(
    <Reasons
      approach={anApproach({
        reasons: ['Too little hip swing: 0.1 of 0.15 rad', 'Fell once'],
        reached: ['swings a second'],
        gained: ['hip swing 0.05 → 0.1 rad'],
        origin: { experiment: 'x', approach: '1-a', name: 'Hula', wish: '', changes: [] },
      })}
    />,
  )
  const missing = screen.getByRole('list', { name: 'What is missing' })
  expect(missing.textContent).toBe('Too little hip swing: 0.1 of 0.15 radFell once')
  expect(screen.getByText('Does already: swings a second')).toBeTruthy()
  expect(screen.getByText('Better than Hula: hip swing 0.05 → 0.1 rad')).toBeTruthy()
})

test('what does all has nothing to explain', () => {
  const { container } = render(<Reasons approach={anApproach({ reached: ['hip swing'] })} />)
  expect(container.childElementCount).toBe(0)
})
