import type { MjData } from '@mujoco/mujoco'

/** Where a robot's parts are in MuJoCo's data: what series are made of. */
export interface Anatomy {
  home_height: number
  free_base: boolean
  base: number
  /** Whether its ground is a height field: heights above it are not measured here. */
  rough: boolean
  /** By name: places in qpos and qvel, and the home position, rad or m. */
  joints: Record<string, [qpos: number, qvel: number, home: number]>
  groups: Record<string, string[]>
  /** By name: the field of MuJoCo's data with its place, and the row. */
  feet: Record<string, Foot>
  hands: Record<string, Point>
  head: Point | null
  bodies: Record<string, number>
  objects: Record<string, number>
}

export type Foot = [...Point, body: number, sole: [number, number, number, number][]]
export type Point = ['site_xpos' | 'geom_xpos' | 'xpos', number]

/** What a robot is at one moment: places in m, rotations row by row, velocities in m/s and rad/s. */
export interface Frame {
  qpos: Float64Array
  qvel: Float64Array
  /** (x, y, z) of each body, and (3, 3) of each. */
  xpos: Float64Array
  xmat: Float64Array
  site_xpos: Float64Array
  geom_xpos: Float64Array
}

const FIELDS = ['qpos', 'qvel', 'xpos', 'xmat', 'site_xpos', 'geom_xpos'] as const

export function frameOf(data: MjData): Frame {
  const fields = data as unknown as Frame
  return Object.fromEntries(
    FIELDS.map((name) => [name, Float64Array.from(fields[name])]),
  ) as unknown as Frame
}

/** Frames of control period `dt` (s) as frames at 50 Hz. */
export function resampled(frames: readonly Frame[], dt: number): readonly Frame[] {
  if (Math.abs(dt - 1 / RATE_HZ) < 1e-9) return frames
  const count = Math.floor((frames.length - 1) * dt * RATE_HZ + 1e-6) + 1
  return Array.from({ length: count }, (_, i) => {
    const at = i / RATE_HZ / dt
    const low = Math.min(Math.floor(at + 1e-6), frames.length - 1)
    const [a, b] = [frames[low] as Frame, frames[Math.min(low + 1, frames.length - 1)] as Frame]
    const part = Math.min(1, Math.max(0, at - low))
    return Object.fromEntries(
      FIELDS.map((name) => [name, a[name].map((x, j) => x + part * ((b[name][j] ?? x) - x))]),
    ) as unknown as Frame
  })
}

export const RATE_HZ = 50
