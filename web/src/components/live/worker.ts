/// <reference lib="webworker" />
import loadMujoco from '@mujoco/mujoco'
import mujocoWasm from '@mujoco/mujoco/mujoco.wasm?url'
import ortWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import * as ort from 'onnxruntime-web/wasm'
import type { Playable } from './facts'
import { factsIn, fetched, looksIn } from './files'
import type { Ask, Told } from './messages'
import { Player } from './player'
import { type Engines, type Policy, Simulation } from './simulation'

const tell = (told: Told, moved: Transferable[] = []) => postMessage(told, { transfer: moved })
let player: Player | null = null

/** Begin to play policies of one robot, whose scene and looks are beside the first of them. */
async function open(playables: readonly Playable[]): Promise<void> {
  const first = playables[0]?.files ?? ''
  const [policies, [drawing, numbers], scene, boxed, loaded] = await Promise.all([
    Promise.all(playables.map(({ files }) => policyIn(files))),
    looksIn(first),
    fetched(first, 'scene.mjb.gz').then(unpacked),
    fetched(first, 'boxed.mjb.gz').then((r) => r.blob()),
    engines(),
  ])
  const simulations = await Simulation.load(loaded, scene, policies, () =>
    unpacked(new Response(boxed)),
  )
  const metrics = playables.map(({ metric }) => metric)
  player = new Player(simulations, metrics, (moved) =>
    tell(moved, [moved.poses.buffer as ArrayBuffer]),
  )
  const facts = policies.map((policy) => policy.facts)
  tell({ kind: 'loaded', facts, drawing, numbers, poses: player.poses() }, [numbers])
  tell({ kind: 'begun' })
  void player.run()
}

async function policyIn(folder: string): Promise<Policy> {
  const [facts, control] = await Promise.all([
    factsIn(folder),
    fetched(folder, 'control.onnx').then((r) => r.arrayBuffer()),
  ])
  return { facts, control: new Uint8Array(control) }
}

async function engines(): Promise<Engines> {
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmPaths = { wasm: new URL(ortWasm, import.meta.url).href }
  const place = new URL(mujocoWasm, import.meta.url).href
  return { mujoco: await loadMujoco({ locateFile: () => place }), ort }
}

async function unpacked(response: Response): Promise<Uint8Array> {
  const packed = response.body as ReadableStream<Uint8Array<ArrayBuffer>>
  const plain = new Response(packed.pipeThrough(new DecompressionStream('gzip')))
  return new Uint8Array(await plain.arrayBuffer())
}

addEventListener('message', ({ data }: MessageEvent<Ask>) => {
  if (data.kind !== 'load') return player?.answer(data)
  open(data.policies).catch((error: unknown) => {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  })
})
