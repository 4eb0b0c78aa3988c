import type { MainModule, MjData, MjModel } from '@mujoco/mujoco'
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { drop, takeState } from './box'
import { type Command, type Facts, type StateType, scripted } from './facts'
import { field, Scenes } from './scenes'
import { drawn } from './trial'

type Ort = typeof import('onnxruntime-web/wasm')

/** MuJoCo and ONNX Runtime, each loaded once for all simulations of a page. */
export interface Engines {
  mujoco: MainModule
  ort: Ort
}

export interface Policy {
  facts: Facts
  control: Uint8Array
}

const OFF_RAD = 0.05 // how far joints are from home in another start, rad or m
const OFF_SPEED = 0.1 // how fast everything moves then, m/s and rad/s
const MADE = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint32: Uint32Array }

/**
 * One robot: MuJoCo's physics and the policy's graph, a control step at a time.
 *
 * The graph reads the data as the last physics step left it, as in training: what derives from the
 * positions is a physics step old.
 */
export class Simulation {
  readonly facts: Facts
  model: MjModel
  data: MjData
  /** Control steps since the last reset. */
  steps = 0
  private remembered: Record<string, Tensor> = {}
  private pushes: { force: number[]; body: number; left: number }[] = []

  private constructor(
    private readonly engines: Engines,
    private readonly session: InferenceSession,
    facts: Facts,
    /** What it shares with those beside it. */
    readonly scenes: Scenes,
  ) {
    this.facts = facts
    this.model = scenes.plain
    this.data = new engines.mujoco.MjData(this.model)
    this.reset()
  }

  /** Policies of one robot, which share its scenes: what the robot is in, and the same with a box. */
  static async load(
    engines: Engines,
    scene: Uint8Array,
    policies: readonly Policy[],
    boxed: () => Promise<Uint8Array>,
  ): Promise<Simulation[]> {
    const scenes = new Scenes(engines.mujoco, scene, policies[0]?.facts as Facts, boxed)
    const made: Simulation[] = []
    for (const { facts, control } of policies) {
      const options = { executionProviders: ['wasm'] }
      const session = await engines.ort.InferenceSession.create(control, options)
      made.push(new Simulation(engines, session, facts, scenes))
    }
    return made
  }

  /** Back to where its clip begins, or near it: each number above 0 is another start. */
  reset(start = 0): void {
    const { mujoco } = this.engines
    this.goOn(this.scenes.plain)
    mujoco.mj_resetData(this.model, this.data)
    for (const [name, values] of Object.entries(this.facts.start))
      field(this.data, name).set(values)
    if (start) this.disturb(drawn(start))
    mujoco.mj_forward(this.model, this.data)
    this.steps = 0
    this.pushes = []
    this.remembered = Object.fromEntries(
      Object.entries(this.facts.state).map(([name, { type, shape }]) => {
        const size = shape.reduce((product, length) => product * length, 1)
        return [name, this.tensor(type, new Array(size).fill(0), shape)] // `first` sets it
      }),
    )
  }

  private disturb(draw: () => number): void {
    const [places, speeds] = [field(this.data, 'qpos'), field(this.data, 'qvel')]
    for (const [place] of Object.values(this.facts.anatomy.joints)) {
      places[place] = (places[place] ?? 0) + OFF_RAD * draw()
    }
    speeds.forEach((_, i) => {
      speeds[i] = OFF_SPEED * draw()
    })
  }

  /** Seconds of the episode so far. */
  get time(): number {
    return this.steps * this.facts.control_dt
  }

  /** One control step; without a command, what the policy was taught with. */
  async step(told?: Command): Promise<void> {
    const { mujoco, ort } = this.engines
    const command =
      told ?? scripted(this.facts, Math.max(this.steps - 1, 0) * this.facts.control_dt)
    const turns = (this.facts.clock_hz * this.time) % 1
    const inputs: Record<string, Tensor> = {
      first: new ort.Tensor('bool', [this.steps === 0 ? 1 : 0], []),
      command: this.tensor('float32', command, [3]),
      phase: this.tensor('float32', [2 * Math.PI * turns], []),
      ...this.remembered,
    }
    for (const name of this.facts.reads) {
      const values = field(this.data, name)
      const shape = shapeOf(this.session, name, values.length)
      const size = shape.reduce((product, length) => product * length, 1) // a box's come after
      inputs[name] = this.tensor('float32', values.subarray(0, size), shape)
    }
    const given = await this.session.run(
      Object.fromEntries(this.session.inputNames.map((name) => [name, inputs[name] as Tensor])),
    )
    for (const name of this.facts.sets) {
      const values = given[name === 'ctrl' ? name : `set.${name}`] as Tensor
      field(this.data, name).set(values.data as Float32Array)
    }
    for (const name of Object.keys(this.remembered)) {
      this.remembered[name] = given[`next.${name}`] as Tensor
    }
    this.pull()
    for (let i = 0; i < this.facts.substeps; i++) mujoco.mj_step(this.model, this.data)
    this.steps++
  }

  /** Push a body with a force (N, world frame) for some seconds. */
  push(force: [number, number, number], seconds: number, body = this.facts.base): void {
    this.pushes.push({
      force,
      body,
      left: Math.max(1, Math.round(seconds / this.facts.control_dt)),
    })
  }

  /** Pull a body with a force until the next call; null lets go. */
  hold(force: [number, number, number] | null, body = this.facts.base): void {
    this.pushes = this.pushes.filter((push) => push.left !== Number.POSITIVE_INFINITY)
    if (force) this.pushes.push({ force, body, left: Number.POSITIVE_INFINITY })
  }

  /** Whether a box lies in its way. */
  get boxed(): boolean {
    return this.model !== this.scenes.plain
  }

  /** Drop a box in its way, or the one that lies there anew; of the scene with it. */
  dropBox(boxed: MjModel): void {
    this.goOn(boxed)
    drop(this.engines.mujoco, this.model, this.data, this.facts)
  }

  liftBox(): void {
    this.goOn(this.scenes.plain)
    this.engines.mujoco.mj_forward(this.model, this.data)
  }

  /** Go on from where it is, in another scene. */
  private goOn(model: MjModel): void {
    if (model === this.model) return
    const before = this.data
    this.model = model
    this.data = new this.engines.mujoco.MjData(model)
    takeState(before, this.data)
    before.delete()
  }

  private pull(): void {
    const applied = field(this.data, 'xfrc_applied')
    applied.fill(0)
    for (const push of this.pushes) {
      for (let axis = 0; axis < 3; axis++) {
        applied[6 * push.body + axis] =
          (applied[6 * push.body + axis] ?? 0) + (push.force[axis] ?? 0)
      }
      push.left--
    }
    this.pushes = this.pushes.filter((push) => push.left > 0)
  }

  /** Whether it lies where its termination says that it fell, or is no longer a number. */
  get fallen(): boolean {
    const { fall, base } = this.facts
    const matrix = field(this.data, 'xmat')
    const height = field(this.data, 'xpos')[3 * base + 2] ?? 0
    const upright = matrix[9 * base + 8] ?? 1
    if (!Number.isFinite(height)) return true
    if (!fall) return false
    return (
      upright < (fall.min_upright ?? -2) || height < (fall.min_height ?? Number.NEGATIVE_INFINITY)
    )
  }

  private tensor(type: StateType, values: ArrayLike<number>, shape: readonly number[]): Tensor {
    return new this.engines.ort.Tensor(type, MADE[type].from(values), shape)
  }
}

function shapeOf(session: InferenceSession, name: string, size: number): readonly number[] {
  const known = session.inputMetadata.find((input) => input.name === name)
  return known?.isTensor ? known.shape.map(Number) : [size]
}
