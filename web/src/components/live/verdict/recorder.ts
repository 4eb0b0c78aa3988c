import type { MjData } from '@mujoco/mujoco'
import type { Metric } from '@/api/types'
import type { Facts } from '../facts'
import { type Frame, frameOf, resampled } from './frames'
import { isWindowed, measured } from './measures'
import { seriesOf } from './series'

/** Numbers of a metric by the labels of its criteria; null where one cannot be measured. */
export type Values = Record<string, number | null>

const CLIP_S = 10
const LEAST_S = 2 // of less, nothing can be said

/** What a robot did in the last ten seconds, and how that measures.
 *
 * A metric that looks at certain seconds of a clip measures those after the last start.
 */
export class Recorder {
  private frames: Frame[] = []
  /** Control steps of a clip. */
  readonly steps: number
  private readonly windowed: boolean

  constructor(
    private readonly facts: Facts,
    readonly metric: Metric,
  ) {
    this.windowed = metric.criteria.some(isWindowed)
    const ends = metric.criteria.map(({ args }) => Number(args.to_s ?? 0))
    this.steps = Math.round(Math.max(CLIP_S, ...ends) / facts.control_dt)
  }

  begin(data: MjData): void {
    this.frames = [frameOf(data)]
  }

  add(data: MjData): void {
    if (this.windowed && this.frames.length > this.steps) return
    this.frames.push(frameOf(data))
    if (this.frames.length > this.steps + 1) this.frames.shift()
  }

  /** Null until there is enough to measure. */
  values(): Values | null {
    const { control_dt, anatomy } = this.facts
    if (this.frames.length * control_dt < LEAST_S) return null
    const series = seriesOf(resampled(this.frames, control_dt), anatomy)
    return Object.fromEntries(
      this.metric.criteria.map((criterion) => [
        criterion.label,
        measured(criterion, series, anatomy.home_height),
      ]),
    )
  }
}
