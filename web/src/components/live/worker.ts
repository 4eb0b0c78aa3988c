/// <reference lib="webworker" />
import loadMujoco from '@mujoco/mujoco'
import mujocoWasm from '@mujoco/mujoco/mujoco.wasm?url'
import ortWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import * as ort from 'onnxruntime-web/wasm'
import type { Drawing } from './drawing'
import type { Command, Facts } from './facts'
import type { Ask, Told } from './messages'
import { type Engines, field, Simulation } from './simulation'

const MOST_BEHIND_S = 0.25 // a page that was hidden does not catch up
const FALLEN_S = 1 // how long a robot that fell is seen lying

const tell = (told: Told, moved: Transferable[] = []) => postMessage(told, { transfer: moved })

class Player {
  private simulation: Simulation | null = null
  private paused = false
  private speed = 1
  private steered: Command | null = null
  private due = 0
  private falls = 0
  private lying = 0
  private load = 0

  async open(files: string): Promise<void> {
    const [facts, drawing, numbers, scene, control] = await Promise.all([
      fetched(files, 'control.json').then((r) => r.json() as Promise<Facts>),
      fetched(files, 'drawing.json').then((r) => r.json() as Promise<Drawing>),
      fetched(files, 'drawing.bin').then((r) => r.arrayBuffer()),
      fetched(files, 'scene.mjb.gz').then(unpacked),
      fetched(files, 'control.onnx').then((r) => r.arrayBuffer()),
    ])
    this.simulation = await Simulation.load(await engines(), {
      facts,
      scene: new Uint8Array(scene),
      control: new Uint8Array(control),
    })
    const poses = this.poses()
    tell({ kind: 'loaded', facts, drawing, numbers, poses }, [numbers, poses.buffer])
    this.due = performance.now()
    void this.run()
  }

  answer(ask: Ask): void {
    const simulation = this.simulation
    if (!simulation) return
    switch (ask.kind) {
      case 'steer':
        this.steered = ask.command
        return
      case 'push':
        simulation.push(ask.force, ask.seconds)
        return
      case 'hold':
        simulation.hold(ask.force, ask.body)
        return
      case 'reset':
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
        simulation.change(ask.world)
        return
      case 'load':
    }
  }

  private begin(): void {
    this.simulation?.reset()
    this.lying = 0
    this.report()
  }

  /** A control step each period, whatever the clock of the page does. */
  private async run(): Promise<void> {
    for (;;) {
      const simulation = this.simulation as Simulation
      const period = (1000 * simulation.facts.control_dt) / this.speed
      const now = performance.now()
      if (now - this.due > 1000 * MOST_BEHIND_S) this.due = now
      if (!this.paused) await this.step()
      this.due += period
      await new Promise((wake) => setTimeout(wake, Math.max(0, this.due - performance.now())))
    }
  }

  private async step(): Promise<void> {
    const simulation = this.simulation as Simulation
    const began = performance.now()
    await simulation.step(this.steered ?? undefined)
    const took = (performance.now() - began) / 1000 / simulation.facts.control_dt
    this.load += 0.05 * (took - this.load)
    if (simulation.fallen) {
      this.lying += simulation.facts.control_dt
      if (this.lying >= FALLEN_S) {
        this.falls++
        this.begin()
        return
      }
    }
    this.report()
  }

  private report(): void {
    const simulation = this.simulation as Simulation
    const poses = this.poses()
    const told: Told = {
      kind: 'moved',
      poses,
      time: simulation.time,
      falls: this.falls,
      load: this.load,
      velocity: velocity(simulation),
      way: way(simulation),
    }
    tell(told, [poses.buffer])
  }

  private poses(): Float32Array<ArrayBuffer> {
    const { data } = this.simulation as Simulation
    const [places, turns] = [field(data, 'xpos'), field(data, 'xquat')]
    const poses = new Float32Array((7 * places.length) / 3)
    for (let body = 0; body < places.length / 3; body++) {
      for (let i = 0; i < 3; i++) poses[7 * body + i] = places[3 * body + i] as number
      for (let i = 0; i < 4; i++) poses[7 * body + 3 + i] = turns[4 * body + i] as number
    }
    return poses
  }
}

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

async function engines(): Promise<Engines> {
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmPaths = { wasm: new URL(ortWasm, import.meta.url).href }
  const place = new URL(mujocoWasm, import.meta.url).href
  return { mujoco: await loadMujoco({ locateFile: () => place }), ort }
}

async function fetched(folder: string, name: string): Promise<Response> {
  const response = await fetch(`${folder}/${name}`)
  if (!response.ok) throw new Error(`${name} did not come: ${response.status}.`)
  return response
}

async function unpacked(response: Response): Promise<ArrayBuffer> {
  const packed = response.body as ReadableStream<Uint8Array<ArrayBuffer>>
  return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

const player = new Player()
addEventListener('message', ({ data }: MessageEvent<Ask>) => {
  if (data.kind !== 'load') return player.answer(data)
  player.open(data.files).catch((error: unknown) => {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  })
})
