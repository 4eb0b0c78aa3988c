import type { Metric } from '@/api/types'
import type { BoxFacts } from './box'
import type { Anatomy } from './verdict/frames'

/** What `control.json` says: how a simulation plays a policy. */
export interface Facts {
  robot: string
  name: string
  mujoco: string
  control_dt: number
  substeps: number
  reads: string[]
  sets: string[]
  state: Record<string, { type: StateType; shape: number[] }>
  start: Record<string, number[]>
  clock_hz: number
  command: Command
  script: { seconds: number; forward: number; left: number; turn: number }[]
  steered: boolean
  command_ranges: [number, number][]
  fall: { min_upright?: number; min_height?: number } | null
  camera: CameraFacts
  base: number
  free_base: boolean
  /** What can be dropped in its way; null where nothing would stop it. */
  box: BoxFacts | null
  anatomy: Anatomy
}

/** A policy as the page plays it. */
export interface Playable {
  name: string
  /** URL of the folder with its files. */
  files: string
  /** The API's URL of the policy, where a server can run it, too. */
  model?: string
  /** What it is judged by; null where nobody wrote one. */
  metric: Metric | null
}

/** Forward m/s, left m/s, turn to the left rad/s. */
export type Command = [number, number, number]

export type StateType = 'float32' | 'int32' | 'bool' | 'uint32'

export interface CameraFacts {
  azimuth: number
  elevation: number
  distance: number
  height: number
  follow: boolean
  offset: [number, number]
}

/** The command of a policy at a time of its episode, s: its script's, or the one it holds. */
export function scripted(facts: Facts, time: number): Command {
  let end = 0
  for (const move of facts.script) {
    end += move.seconds
    if (time < end) return [move.forward, move.left, move.turn]
  }
  const last = facts.script.at(-1)
  return last ? [last.forward, last.left, last.turn] : facts.command
}
