import type { Metric } from '@/api/types'
import type { Command } from './facts'
import type { Ask, Moved, Reading } from './messages'
import { field } from './scenes'
import type { Simulation } from './simulation'
import { passesFrom, type Tried } from './trial'
import { Recorder, type Values } from './verdict/recorder'

const MOST_BEHIND_S = 0.25 // a page that was hidden does not catch up
const MEASURED_S = 1 // how often each robot's metric is measured
const FALLEN_S = 1 // how long a robot that fell is seen lying

interface Robot {
  simulation: Simulation
  falls: number
  /** Seconds since it fell. */
  lying: number
  recorder: Recorder | null
  values: Values | null
}

/** Robots side by side, a control step of all of them each period: from one start, in lockstep. */
export class Player {
  private readonly robots: Robot[]
  private paused = false
  private speed = 1
  private steered: Command | null = null
  private due = 0
  private load = 0
  private steps = 0
  private trial = 0
  private wanted = 0
  private tried: Tried | null = null
  private heard = 0
  private busy = false
  private later: (() => void)[] = []

  constructor(
    simulations: readonly Simulation[],
    metrics: readonly (Metric | null)[],
    private readonly report: (moved: Moved) => void,
  ) {
    this.robots = simulations.map((simulation, i) => {
      const metric = metrics[i]
      const recorder = metric ? new Recorder(simulation.facts, metric) : null
      const robot = { simulation, falls: 0, lying: 0, recorder, values: null }
      recorder?.begin(simulation.data)
      return robot
    })
  }

  answer(ask: Exclude<Ask, { kind: 'load' }>): void {
    this.heard++
    switch (ask.kind) {
      case 'steer':
        this.steered = ask.command
        return
      case 'push':
        for (const { simulation } of this.robots) simulation.push(ask.force, ask.seconds)
        return
      case 'hold':
        for (const { simulation } of this.robots) simulation.hold(ask.force, ask.body)
        return
      case 'box':
        void this.box(ask.there)
        return
      case 'reset':
        this.trial++ // one that runs is broken off
        this.begin()
        return
      case 'pause':
        this.paused = ask.paused
        return
      case 'single':
        void this.step()
        return
      case 'speed':
        this.speed = ask.factor
        return
      case 'world':
        this.robots[0]?.simulation.scenes.change(ask.world) // which they share
        return
      case 'try':
        this.trial++
        this.wanted = ask.starts
    }
  }

  /** Goes on for ever, whatever the clock of the page does. */
  async run(): Promise<void> {
    this.due = performance.now()
    for (;;) {
      const now = performance.now()
      if (now - this.due > 1000 * MOST_BEHIND_S) this.due = now
      if (this.wanted) await this.attempt(this.wanted)
      if (!this.paused) await this.step()
      this.due += (1000 * this.period) / this.speed
      await new Promise((wake) => setTimeout(wake, Math.max(0, this.due - performance.now())))
    }
  }

  /** Clips of all robots from the same starts, as fast as this machine can; then they begin again,
   * also where it was broken off.
   */
  private async attempt(starts: number): Promise<void> {
    this.wanted = 0
    this.busy = true
    await this.passAll(starts)
    this.busy = false
    this.begin()
  }

  private async passAll(starts: number): Promise<void> {
    const mine = this.trial
    const passes = this.robots.map(({ recorder }): number | null => (recorder ? 0 : null))
    this.tried = { starts, done: 0, passes }
    for (let start = 1; start <= starts; start++) {
      for (const [i, { simulation, recorder }] of this.robots.entries()) {
        if (!recorder) continue
        const passed = await passesFrom(simulation, recorder, start, () => this.trial !== mine)
        if (passed === null) return
        passes[i] = (passes[i] ?? 0) + Number(passed)
      }
      this.tried = { starts, done: start, passes: [...passes] }
      this.tell()
    }
  }

  /** A box in the way of each robot, or none: for all in the same control step. */
  private async box(there: boolean): Promise<void> {
    const simulations = this.robots.map(({ simulation }) => simulation)
    const [first] = simulations
    if (!first?.facts.box) return
    const boxed = there ? await first.scenes.withBox() : null
    const act = () => {
      for (const simulation of simulations) {
        if (boxed) simulation.dropBox(boxed)
        else simulation.liftBox()
      }
      this.tell()
    }
    if (this.busy) this.later.push(act)
    else act()
  }

  private begin(): void {
    for (const robot of this.robots) begin(robot)
    this.tell()
  }

  private get period(): number {
    return (this.robots[0] as Robot).simulation.facts.control_dt
  }

  private async step(): Promise<void> {
    const began = performance.now()
    this.busy = true
    for (const robot of this.robots) {
      await robot.simulation.step(this.steered ?? undefined)
      robot.recorder?.add(robot.simulation.data)
      if (!robot.simulation.fallen) continue
      robot.lying += this.period
      if (robot.lying < FALLEN_S) continue
      robot.falls++
      begin(robot)
    }
    this.busy = false
    for (const act of this.later.splice(0)) act()
    this.measure()
    const took = (performance.now() - began) / 1000 / this.period
    this.load += 0.05 * (took - this.load)
    this.tell()
  }

  /** One robot's numbers anew, now and then, so that no control step waits for long. */
  private measure(): void {
    this.steps++
    const pause = Math.max(1, Math.round(MEASURED_S / this.period / this.robots.length))
    if (this.steps % pause) return
    const robot = this.robots[(this.steps / pause) % this.robots.length]
    if (robot?.recorder) robot.values = robot.recorder.values()
  }

  private tell(): void {
    const robots = this.robots.map(reading)
    const { heard, load, tried } = this
    this.report({ kind: 'moved', poses: this.poses(), heard, load, robots, tried })
  }

  /** (x, y, z, w, i, j, k) of each body of one robot after the other; a box comes last, NaN where
   * there is none.
   */
  poses(): Float32Array<ArrayBuffer> {
    const { scenes, facts } = (this.robots[0] as Robot).simulation
    const size = scenes.plain.nbody + (facts.box ? 1 : 0)
    const poses = new Float32Array(7 * size * this.robots.length).fill(Number.NaN)
    for (const [number, { simulation }] of this.robots.entries()) {
      const [places, turns] = [field(simulation.data, 'xpos'), field(simulation.data, 'xquat')]
      for (let body = 0; 3 * body < places.length; body++) {
        const at = 7 * (number * size + body)
        for (let i = 0; i < 3; i++) poses[at + i] = places[3 * body + i] as number
        for (let i = 0; i < 4; i++) poses[at + 3 + i] = turns[4 * body + i] as number
      }
    }
    return poses
  }
}

function begin(robot: Robot): void {
  robot.simulation.reset()
  robot.lying = 0
  robot.values = null
  robot.recorder?.begin(robot.simulation.data)
}

function reading({ simulation, falls, values }: Robot): Reading {
  return {
    time: simulation.time,
    falls,
    values,
    velocity: velocity(simulation),
    way: way(simulation),
    box: simulation.boxed,
  }
}

/** Of the base in its own level frame: ahead m/s, left m/s, turn rad/s. */
function velocity({ facts, data }: Simulation): [number, number, number] {
  if (!facts.free_base) return [0, 0, 0]
  const speed = field(data, 'qvel')
  const matrix = field(data, 'xmat').subarray(9 * facts.base, 9 * facts.base + 9)
  const yaw = Math.atan2(matrix[3] as number, matrix[0] as number)
  const [x, y] = [speed[0] as number, speed[1] as number]
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)]
  return [cos * x + sin * y, cos * y - sin * x, speed[5] as number]
}

function way({ facts, data }: Simulation): number {
  const [now, begun] = [field(data, 'qpos'), facts.start.qpos ?? []]
  return Math.hypot((now[0] ?? 0) - (begun[0] ?? 0), (now[1] ?? 0) - (begun[1] ?? 0))
}
