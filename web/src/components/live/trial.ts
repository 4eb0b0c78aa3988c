import { meets } from '@/components/verdict/bounds'
import type { Simulation } from './simulation'
import type { Recorder } from './verdict/recorder'

/** How often each robot did what was asked, of so many starts so far. */
export interface Tried {
  starts: number
  done: number
  /** Of each robot; null where nobody wrote what it is judged by. */
  passes: (number | null)[]
}

const PAUSE_STEPS = 50 // then the page is listened to

/** One clip from a start: whether it keeps the whole metric; null where it was broken off. */
export async function passesFrom(
  simulation: Simulation,
  recorder: Recorder,
  start: number,
  stopped: () => boolean,
): Promise<boolean | null> {
  simulation.reset(start)
  recorder.begin(simulation.data)
  for (let step = 1; step <= recorder.steps; step++) {
    await simulation.step()
    recorder.add(simulation.data)
    if (step % PAUSE_STEPS) continue
    await new Promise((wake) => setTimeout(wake, 0))
    if (stopped()) return null
  }
  const values = recorder.values() ?? {}
  return recorder.metric.criteria.every((criterion) => meets(criterion, values[criterion.label]))
}

/** The shares (0 to 1) between which the true one lies, at 95% (Wilson, 1927). */
export function interval(passes: number, of: number): [number, number] {
  const z = 1.96
  const share = passes / of
  const middle = share + z ** 2 / (2 * of)
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  const scale = 1 + z ** 2 / of
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)]
}

/** Numbers from -1 to 1 that are the same for the same seed (mulberry32). */
export function drawn(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1
  }
}
