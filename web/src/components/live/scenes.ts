import type { MainModule, MjData, MjModel } from '@mujoco/mujoco'
import type { Facts } from './facts'

/** What a person changes about the world while it runs; 1 is as it was trained. */
export interface World {
  friction: number
  mass: number
  strength: number
}

const MOTORS = ['actuator_gainprm', 'actuator_biasprm', 'actuator_forcerange']
const CHANGED = ['geom_friction', 'body_mass', 'body_inertia', ...MOTORS]

/** The compiled scenes that robots side by side share: the robot's, and the same with a box. */
export class Scenes {
  readonly plain: MjModel
  private boxed: MjModel | null = null
  private readonly trained = new Map<MjModel, Record<string, Float64Array>>()
  private world: World | null = null

  constructor(
    readonly mujoco: MainModule,
    scene: Uint8Array,
    private readonly facts: Pick<Facts, 'robot' | 'mujoco'>,
    private readonly sceneWithBox: () => Promise<Uint8Array>,
  ) {
    this.plain = this.compiled(scene)
  }

  /** The scene with a box, which takes a moment at first. */
  async withBox(): Promise<MjModel> {
    const file = this.boxed ? null : await this.sceneWithBox()
    this.boxed ??= this.compiled(file as Uint8Array)
    return this.boxed
  }

  /** Change friction, masses and the strength of motors, as factors of what it was trained with;
   * the mass of a box stays.
   */
  change(world: World): void {
    this.world = world
    const bodies = this.trained.get(this.plain)?.body_mass?.length ?? 0
    for (const [model, trained] of this.trained) {
      const scale = (name: string, factor: number, only = (_: number) => true) => {
        const values = field(model, name)
        trained[name]?.forEach((value, i) => {
          values[i] = only(i) ? value * factor : value
        })
      }
      scale('geom_friction', world.friction, (i) => i % 3 === 0)
      scale('body_mass', world.mass, (i) => i < bodies)
      scale('body_inertia', world.mass, (i) => i < 3 * bodies)
      for (const name of MOTORS) scale(name, world.strength)
    }
  }

  private compiled(scene: Uint8Array): MjModel {
    const { mujoco, facts } = this
    const path = `/${facts.robot}.mjb`
    mujoco.FS.writeFile(path, scene)
    try {
      const model = mujoco.MjModel.from_binary_path(path, new mujoco.MjVFS())
      if (!model) throw new Error(`MuJoCo ${facts.mujoco} cannot read the scene of ${facts.robot}.`)
      const values = CHANGED.map((name) => [name, Float64Array.from(field(model, name))])
      this.trained.set(model, Object.fromEntries(values))
      if (this.world) this.change(this.world)
      return model
    } finally {
      mujoco.FS.unlink(path)
    }
  }
}

/** A field of MuJoCo's model or data, as a view into its memory. */
export function field(of: MjModel | MjData, name: string): Float64Array {
  return (of as unknown as Record<string, Float64Array>)[name] as Float64Array
}
