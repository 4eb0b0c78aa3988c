// @vitest-environment node
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Metric } from '@/api/types'
import { meets } from '@/components/verdict/bounds'
import type { Facts } from './facts'
import { type Engines, Simulation } from './simulation'
import { Recorder } from './verdict/recorder'

/** A policy that was exported, what it did where it was trained, and what it is judged by. */
interface Exported {
  name: string
  folder: string
  metric: Metric
  moved: { qpos: number[][] }
}

const EXPORTED: Exported[] = process.env.EXPORTED
  ? JSON.parse(readFileSync(process.env.EXPORTED, 'utf8'))
  : []
const ALIKE = 25 // control steps: later a rounded digit decides about contacts
const CLIP_S = 10

/** As a worker plays them, as fast as it can; `tests/export/test_closed_loop.py` gives policies. */
describe.skipIf(EXPORTED.length === 0)('in the page’s own engines', () => {
  let engines: Engines
  beforeAll(async () => {
    const [{ default: loadMujoco }, ort] = await Promise.all([
      import('@mujoco/mujoco'),
      import('onnxruntime-web/wasm'),
    ])
    ort.env.wasm.numThreads = 1
    engines = { mujoco: await loadMujoco(), ort }
  })

  test.each(EXPORTED)(
    '$name moves and passes as where it was trained',
    async (exported) => {
      const file = (name: string) => readFileSync(`${exported.folder}/${name}`)
      const facts: Facts = JSON.parse(file('control.json').toString())
      const scene = new Uint8Array(gunzipSync(file('scene.mjb.gz')))
      const control = new Uint8Array(file('control.onnx'))
      const boxed = async () => new Uint8Array(gunzipSync(file('boxed.mjb.gz')))
      const policies = [{ facts, control }]
      const [simulation] = (await Simulation.load(engines, scene, policies, boxed)) as [Simulation]
      const recorder = new Recorder(facts, exported.metric)
      recorder.begin(simulation.data)
      const most = Math.round(CLIP_S / facts.control_dt)
      for (let step = 1; step <= most; step++) {
        await simulation.step()
        recorder.add(simulation.data)
        const wanted = step <= ALIKE ? exported.moved.qpos[step] : undefined
        wanted?.forEach((value, i) => {
          const found = (simulation.data.qpos as Float64Array)[i]
          expect(Math.abs((found ?? 0) - value), `qpos ${i} at step ${step}`).toBeLessThan(1e-3)
        })
      }
      const values = recorder.values() ?? {}
      const missed = exported.metric.criteria.filter((c) => !meets(c, values[c.label]))
      expect(missed.map(({ label }) => `${label}: ${values[label]}`)).toEqual([])
    },
    120_000,
  )
})
