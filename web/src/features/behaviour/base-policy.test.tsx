import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
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
  model: '/api/models/Go1',
}

afterEach(cleanup)

const told = () => screen.getAllByRole('definition').map((dd) => dd.textContent)

test('it tells how well it walks and how it was trained, and when it is opened', async () => {
  const onToggle = vi.fn()
  render(<BasePolicy base={BASE} onToggle={onToggle} />)
  await userEvent.click(screen.getByText(/It walks already/))
  expect(onToggle).toHaveBeenLastCalledWith(true)
  expect(told()).toEqual([
    'ahead, turning left, to the left, backwards, standing',
    '0.08 m/s, 0.09 rad/s',
    'about once in 4 min, even when it is pushed',
    '20M steps, 35 min on 2 CPU cores',
  ])
})

test('one that never falls says so', async () => {
  const quality = { ...BASE.quality, falls_per_minute: 0, falls_per_minute_pushed: 0 }
  render(<BasePolicy base={{ ...BASE, quality } as BaseInfo} onToggle={() => {}} />)
  await userEvent.click(screen.getByText(/It walks already/))
  expect(told()).toContain('never, even when it is pushed')
})

test('one that is still in training tells its steps alone', async () => {
  const early = { ...BASE, seconds: null, machine: null, quality: null, clip: null }
  render(<BasePolicy base={early} onToggle={() => {}} />)
  await userEvent.click(screen.getByText(/It walks already/))
  expect(told()).toEqual(['20M steps'])
})
