import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BaseInfo } from '@/api/types'
import { BasePolicy } from './base-policy'

const BASE: BaseInfo = {
  steps: 20_029_440,
  seconds: 2098,
  machine: '2 CPU cores',
  seed: 0,
  quality: {
    velocity_error: 0.0778,
    turn_error: 0.0874,
    falls_per_minute: 0.2695,
    falls_per_minute_pushed: 0.1406,
  },
  clip: '/clip.mp4',
}

beforeEach(() => vi.stubGlobal('matchMedia', () => ({ matches: true })))
afterEach(cleanup)

test('the clip is there for those who open it, and the numbers read plainly', async () => {
  const { container } = render(<BasePolicy base={BASE} />)
  expect(container.querySelector('video')).toBeNull()
  await userEvent.click(screen.getByText(/It walks already/))
  expect(container.querySelector('video')?.getAttribute('src')).toBe('/clip.mp4')
  const told = [...container.querySelectorAll('dd')].map((dd) => dd.textContent)
  expect(told).toEqual([
    '0.0778 m/s, 0.0874 rad/s',
    '0.27 times a minute, 0.141 when pushed',
    '20M steps, 35 min on 2 CPU cores',
  ])
})

test('one that is still in training tells its steps alone', () => {
  const early = { ...BASE, seconds: null, machine: null, quality: null, clip: null }
  const { container } = render(<BasePolicy base={early} />)
  expect([...container.querySelectorAll('dd')].map((dd) => dd.textContent)).toEqual(['20M steps'])
})
