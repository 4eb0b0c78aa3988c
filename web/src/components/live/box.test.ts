// @vitest-environment node
import type { MainModule } from '@mujoco/mujoco'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from './facts'
import type { Moved } from './messages'
import { Player } from './player'
import { field } from './scenes'
import { type Engines, Simulation } from './simulation'

const HEAD = `<mujoco><option timestep="0.005"/><worldbody><geom type="plane" size="9 9 1"/>
  <body pos="0 0 0.1"><freejoint/><geom type="box" size="0.2 0.1 0.1" mass="2"/></body>`
const BOX = `<body><freejoint/><geom type="box" size="0.05 0.1 0.04" mass="0.2"/></body>`
const TAIL = '</worldbody></mujoco>'
const FACTS = {
  robot: 'Tiny',
  control_dt: 0.02,
  substeps: 4,
  reads: ['qpos', 'xpos'],
  sets: [],
  state: {},
  start: {},
  clock_hz: 1,
  command: [0, 0, 0],
  script: [],
  fall: null,
  base: 1,
  free_base: true,
  box: { half: [0.05, 0.1, 0.04], mass: 0.2, ahead: 0.4, above: 0.1 },
} as unknown as Facts

/** A policy that does nothing, and keeps what it was shown. */
function ortOf(shown: Record<string, { data: number[]; shape: number[] }>[]): Engines['ort'] {
  class Tensor {
    constructor(
      readonly type: string,
      readonly data: number[],
      readonly shape: number[],
    ) {}
  }
  const inputs = { qpos: [7], xpos: [2, 3] }
  const session = {
    inputNames: Object.keys(inputs),
    inputMetadata: Object.entries(inputs).map(([name, shape]) => ({ name, shape, isTensor: true })),
    run: async (given: Record<string, Tensor>) => {
      shown.push(given)
      return {}
    },
  }
  return { Tensor, InferenceSession: { create: async () => session } } as unknown as Engines['ort']
}

describe('a box in the way', () => {
  let mujoco: MainModule
  let scenes: { plain: Uint8Array; boxed: Uint8Array }
  beforeAll(async () => {
    mujoco = await (await import('@mujoco/mujoco')).default()
    const compiled = (xml: string) => {
      const model = mujoco.MjModel.from_xml_string(xml)
      mujoco.mj_saveModel(model as NonNullable<typeof model>, '/made.mjb', null)
      return mujoco.FS.readFile('/made.mjb') as Uint8Array
    }
    scenes = { plain: compiled(HEAD + TAIL), boxed: compiled(HEAD + BOX + TAIL) }
  })

  async function played(count: number) {
    const shown: Record<string, { data: number[]; shape: number[] }>[] = []
    const policy = { facts: FACTS, control: new Uint8Array() }
    const policies = Array.from({ length: count }, () => policy)
    const engines = { mujoco, ort: ortOf(shown) }
    const boxed = async () => scenes.boxed
    const simulations = await Simulation.load(engines, scenes.plain, policies, boxed)
    const told: Moved[] = []
    const metrics = policies.map(() => null)
    const player = new Player(simulations, metrics, (moved) => told.push(moved))
    const steps = async (wanted: number) => {
      for (let step = 0; step < wanted; step++) {
        player.answer({ kind: 'single' })
        await new Promise((wake) => setTimeout(wake, 0))
      }
    }
    return { player, simulations, told, shown, steps }
  }

  const boxOf = (moved: Moved | undefined, robot = 0) =>
    [...(moved as Moved).poses.subarray(7 * (3 * robot + 2))].slice(0, 3)

  test('falls ahead, lies on the floor, is pushed along, and is gone when it is taken', async () => {
    const { player, simulations, told, steps, shown } = await played(2)
    await steps(2)
    expect(boxOf(told.at(-1))).toEqual([Number.NaN, Number.NaN, Number.NaN])
    player.answer({ kind: 'box', there: true })
    await steps(2)
    expect(told.at(-1)?.robots.map(({ box }) => box)).toEqual([true, true])
    expect(boxOf(told.at(-1))[0]).toBeCloseTo(0.4, 3)
    await steps(50)
    const lies = boxOf(told.at(-1))
    expect(lies[2]).toBeCloseTo(0.04, 2)
    expect(boxOf(told.at(-1), 1)).toEqual(lies)
    const { qpos, xpos } = shown.at(-1) as (typeof shown)[number]
    expect([qpos?.data.length, xpos?.data.length]).toEqual([7, 6]) // the policy sees no box
    player.answer({ kind: 'push', force: [60, 0, 0], seconds: 0.5 })
    await steps(50)
    expect(boxOf(told.at(-1))[0]).toBeGreaterThan((lies[0] as number) + 0.05)
    const [first] = simulations as [Simulation]
    const before = [...field(first.data, 'qpos')].slice(0, 7)
    player.answer({ kind: 'box', there: false })
    await new Promise((wake) => setTimeout(wake, 0))
    expect([...field(first.data, 'qpos')]).toEqual(before)
    expect(told.at(-1)?.robots[0]?.box).toBe(false)
  })

  test('is gone at the next start, which is that of a robot that never saw one', async () => {
    const [one, other] = [await played(1), await played(1)]
    one.player.answer({ kind: 'box', there: true })
    await one.steps(5)
    one.player.answer({ kind: 'reset' })
    expect(one.told.at(-1)?.robots[0]?.box).toBe(false)
    for (const each of [one, other]) {
      each.player.answer({ kind: 'push', force: [5, 1, 0], seconds: 0.2 })
      await each.steps(20)
    }
    const [a, b] = [one, other].map(({ told }) => [...(told.at(-1) as Moved).poses])
    expect(a).toEqual(b)
  })

  test('keeps its own mass in a world that the sliders changed', async () => {
    const { player, simulations, steps } = await played(1)
    player.answer({ kind: 'world', world: { friction: 0.5, mass: 2, strength: 1 } })
    player.answer({ kind: 'box', there: true })
    await steps(1)
    const { model } = simulations[0] as Simulation
    expect([...field(model, 'body_mass')]).toEqual([0, 4, 0.2])
    expect([...field(model, 'geom_friction')].filter((_, i) => i % 3 === 0)).toEqual([
      0.5, 0.5, 0.5,
    ])
  })
})
