import type { Connection } from '@/api/socket'
import type { Doing, PlayAsk } from '@/api/types'
import type { Drawing } from './drawing'
import type { Facts, Playable } from './facts'
import type { Tried } from './trial'

/** What the page asks of who runs the robots; a server knows neither the first nor the last. */
export type Ask =
  | { kind: 'load'; policies: readonly Playable[] }
  | Exclude<PlayAsk, { kind: 'resume' | 'seen' }>
  | { kind: 'try'; starts: number }

/** What it answers. */
export type Told =
  | { kind: 'loaded'; facts: Facts[]; drawing: Drawing; numbers: ArrayBuffer; poses: Float32Array }
  | { kind: 'begun' } // from here on it counts what it is asked, and knows nothing of what was
  | Moved
  | { kind: 'connection'; connection: Exclude<Connection, 'closed'>; reason: string }
  | { kind: 'failed'; message: string }

export interface Moved {
  kind: 'moved'
  /** (x, y, z, w, i, j, k) of each body of one robot after the other; a box comes last, NaN where
   * there is none.
   */
  poses: Float32Array
  /** How many asks these poses take account of. */
  heard: number
  /** Share of the control period that a control step of all of them takes. */
  load: number
  robots: Reading[]
  /** The last trial, or the one that runs. */
  tried: Tried | null
}

/** How one robot is. */
export type Reading = Doing
