import { describe, expect, test } from 'vitest'
import type { Criterion } from '@/api/types'
import { type Anatomy, type Frame, resampled } from './frames'
import stored from './measured.json'
import { measured } from './measures'
import { seriesOf } from './series'

const array = (values: (number | null)[]) => Float64Array.from(values, (x) => x ?? Number.NaN)

describe('the page measures what Python measures', () => {
  test.each(stored.robots)('every series of $robot', ({ anatomy, frames, series }) => {
    const moved = frames.map(
      (frame) =>
        Object.fromEntries(
          Object.entries(frame).map(([k, v]) => [k, array(v)]),
        ) as unknown as Frame,
    )
    const made = seriesOf(moved, anatomy as unknown as Anatomy)
    expect(Object.keys(made).sort()).toEqual(Object.keys(series).sort())
    for (const [name, values] of Object.entries(series as unknown as Record<string, number[]>)) {
      values.forEach((value, i) => {
        expect(made[name]?.[i], `${name} ${i}`).toBeCloseTo(value, 3)
      })
    }
  })

  const values = Object.fromEntries(
    Object.entries(stored.values).map(([name, series]) => [name, array(series)]),
  )
  test.each(stored.asked)('$measure of $signal, $args', ({ value, ...asked }) => {
    const criterion = { label: '', at_least: null, at_most: null, slack: 0.3, ...asked }
    const found = measured(criterion as unknown as Criterion, values, stored.home)
    expect(found).toBeCloseTo(value, 4)
  })

  test('what cannot be measured is null, and the better of two signals counts', () => {
    const asked: Criterion = {
      label: '',
      measure: 'mean',
      signal: 'nothing',
      args: {},
      at_least: 0.2,
      at_most: null,
      slack: 0.3,
    }
    expect(measured(asked, values, 0.3)).toBeNull()
    expect(measured({ ...asked, signal: 'swing | still' }, values, 0.3)).toBeCloseTo(0.3)
    expect(measured({ ...asked, args: { from_s: 60, to_s: 70 } }, values, 0.3)).toBeNull()
  })

  test('frames of another rate are drawn between', () => {
    const frame = (x: number) => ({ qpos: array([x]) }) as unknown as Frame
    const fields = ['qpos', 'qvel', 'xpos', 'xmat', 'site_xpos', 'geom_xpos']
    const whole = (x: number) =>
      Object.fromEntries(fields.map((name) => [name, frame(x).qpos])) as unknown as Frame
    const found = resampled([whole(0), whole(1), whole(2)], 0.04)
    expect(found.map(({ qpos }) => qpos[0])).toEqual([0, 0.5, 1, 1.5, 2])
  })
})
