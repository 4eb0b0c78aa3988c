import type { MainModule, MjData, MjModel } from '@mujoco/mujoco'
import type { Facts } from './facts'
import { field } from './scenes'

/** A box that a person drops in a robot's way: a free body after all others. As in
 * `tabrl.export.box`, which says more.
 */
export interface BoxFacts {
  /** m, along the robot's way, across it and up. */
  half: [number, number, number]
  mass: number
  /** m, from the base. */
  ahead: number
  above: number
}

const [PLACES, SPEEDS] = [7, 6] // at the end of qpos and of qvel
const MOVING = 0.1 // m/s, from which on a robot's way is where it goes to
const FALL_S = 0.4 // about how long the box falls
const RISES = 60 // by half a box each, until it touches nothing
const STATE = ['qpos', 'qvel', 'act', 'ctrl', 'qacc_warmstart', 'mocap_pos', 'mocap_quat']

/** Give the data of the other scene the state of the robot and of its things. */
export function takeState(source: MjData, target: MjData): void {
  for (const name of STATE) {
    const [from, to] = [field(source, name), field(target, name)]
    to.set(from.subarray(0, Math.min(from.length, to.length)))
  }
  target.time = source.time
}

/** Level, of length 1: where the robot goes to, else where its base looks to. */
export function way(facts: Pick<Facts, 'base' | 'free_base'>, data: MjData): [number, number] {
  const speed = facts.free_base ? field(data, 'qvel') : []
  let [x, y] = [speed[0] ?? 0, speed[1] ?? 0]
  if (Math.hypot(x, y) < MOVING) {
    const turned = field(data, 'xmat')
    ;[x, y] = [turned[9 * facts.base] ?? 1, turned[9 * facts.base + 3] ?? 0]
  }
  const length = Math.hypot(x, y)
  return length > 0.1 * MOVING ? [x / length, y / length] : [1, 0]
}

/** Let the box fall ahead of the robot, from as high as it must be to touch nothing. */
export function drop(mujoco: MainModule, model: MjModel, data: MjData, facts: Facts): void {
  const { half, ahead, above } = facts.box as BoxFacts
  mujoco.mj_kinematics(model, data)
  const [x, y] = way(facts, data)
  const [places, speeds] = [field(data, 'qpos'), field(data, 'qvel')]
  const fast = facts.free_base ? Math.max(0, x * (speeds[0] ?? 0) + y * (speeds[1] ?? 0)) : 0
  const far = ahead + FALL_S * fast
  const base = [...field(data, 'xpos').slice(3 * facts.base)] as [number, number, number]
  const turn = 0.5 * Math.atan2(y, x)
  const [at, then] = [places.length - PLACES, speeds.length - SPEEDS]
  places.set([base[0] + far * x, base[1] + far * y, base[2] + above], at)
  places.set([Math.cos(turn), 0, 0, Math.sin(turn)], at + 3)
  speeds.fill(0, then)
  for (let rise = 1; rise <= RISES; rise++) {
    mujoco.mj_forward(model, data)
    const forces = field(data, 'qfrc_constraint').subarray(then)
    if (forces.every((force) => force === 0)) return
    field(data, 'qpos')[at + 2] = base[2] + above + rise * half[2]
  }
}
