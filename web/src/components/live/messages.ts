import type { Drawing } from './drawing'
import type { Command, Facts, Playable } from './facts'
import type { World } from './simulation'
import type { Tried } from './trial'
import type { Values } from './verdict/recorder'

/** What the page asks of the worker that simulates. */
export type Ask =
  | { kind: 'load'; policies: readonly Playable[] }
  | { kind: 'steer'; command: Command | null }
  | { kind: 'push'; force: [number, number, number]; seconds: number }
  | { kind: 'hold'; force: [number, number, number] | null; body: number }
  | { kind: 'reset' }
  | { kind: 'pause'; paused: boolean }
  | { kind: 'single' }
  | { kind: 'speed'; factor: number }
  | { kind: 'world'; world: World }
  | { kind: 'try'; starts: number }

/** What it answers. */
export type Told =
  | { kind: 'loaded'; facts: Facts[]; drawing: Drawing; numbers: ArrayBuffer; poses: Float32Array }
  | Moved
  | { kind: 'failed'; message: string }

export interface Moved {
  kind: 'moved'
  /** (x, y, z, w, i, j, k) of each body of one robot after the other. */
  poses: Float32Array
  /** Share of the control period that a control step of all of them takes. */
  load: number
  robots: Reading[]
  /** The last trial, or the one that runs. */
  tried: Tried | null
}

/** How one robot is. */
export interface Reading {
  /** Seconds of the episode. */
  time: number
  /** How often it has fallen and begun again. */
  falls: number
  /** Velocity of the base in its own frame: ahead m/s, left m/s, turn rad/s. */
  velocity: [number, number, number]
  /** The metric's numbers of the last ten seconds; null where there are none yet. */
  values: Values | null
  /** How far the base is from where it began, m. */
  way: number
}
