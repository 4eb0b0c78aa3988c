import type { Drawing } from './drawing'
import type { Command, Facts } from './facts'
import type { World } from './simulation'

/** What the page asks of the worker that simulates. */
export type Ask =
  | { kind: 'load'; files: string }
  | { kind: 'steer'; command: Command | null }
  | { kind: 'push'; force: [number, number, number]; seconds: number }
  | { kind: 'hold'; force: [number, number, number] | null; body: number }
  | { kind: 'reset' }
  | { kind: 'pause'; paused: boolean }
  | { kind: 'single' }
  | { kind: 'speed'; factor: number }
  | { kind: 'world'; world: World }

/** What it answers. */
export type Told =
  | { kind: 'loaded'; facts: Facts; drawing: Drawing; numbers: ArrayBuffer; poses: Float32Array }
  | Moved
  | { kind: 'failed'; message: string }

export interface Moved {
  kind: 'moved'
  /** (x, y, z, w, i, j, k) of each body. */
  poses: Float32Array
  /** Seconds of the episode. */
  time: number
  /** How often it has fallen and begun again. */
  falls: number
  /** Share of the control period that a control step takes. */
  load: number
  /** Velocity of the base in its own frame: ahead m/s, left m/s, turn rad/s. */
  velocity: [number, number, number]
  /** How far the base is from where it began, m. */
  way: number
}
