import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Facts, Playable } from './facts'
import type { Ask, Moved, Told } from './messages'
import { Stage } from './stage'

export type Live =
  | { is: 'loading' }
  | { is: 'failed'; message: string }
  | { is: 'running'; facts: Facts; steered: boolean }

export type Readings = Pick<Moved, 'load' | 'robots' | 'tried'>

const READ_EVERY_MS = 200

/** Policies of one robot that run in a worker and are drawn on a canvas while the component lives. */
export function useLive(
  policies: readonly Playable[],
  canvas: RefObject<HTMLCanvasElement | null>,
) {
  const [live, setLive] = useState<Live>({ is: 'loading' })
  const [readings, setReadings] = useState<Readings | null>(null)
  const [grid, setGrid] = useState({ columns: 1, rows: 1 })
  const worker = useRef<Worker | null>(null)
  const stage = useRef<Stage | null>(null)
  const chosen = JSON.stringify(policies) // another array of the same policies changes nothing
  const ask = useCallback((what: Ask) => worker.current?.postMessage(what), [])

  useEffect(() => {
    const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.current = made
    let latest: Moved | null = null
    let frame = 0
    let before = performance.now()
    let read = 0
    const draw = (now: number) => {
      const shown = stage.current
      if (shown && latest) shown.pose(latest.poses, (now - before) / 1000)
      before = now
      shown?.draw()
      if (latest && now - read > READ_EVERY_MS) {
        read = now
        setReadings(latest)
      }
      frame = requestAnimationFrame(draw)
    }
    made.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.kind === 'moved') latest = data
      else if (data.kind === 'failed') setLive({ is: 'failed', message: data.message })
      else if (canvas.current) {
        const { drawing, numbers, poses } = data
        const [facts] = data.facts as [Facts]
        const count = data.facts.length
        try {
          stage.current = new Stage(canvas.current, drawing, numbers, facts, count)
        } catch {
          setLive({ is: 'failed', message: 'This browser shows no 3D: WebGL is off.' })
          return
        }
        stage.current.pose(poses, 0)
        stage.current.look()
        setGrid(fill(canvas.current, stage.current))
        setLive({ is: 'running', facts, steered: data.facts.some(({ steered }) => steered) })
        frame = requestAnimationFrame(draw)
      }
    }
    made.onerror = (event) => setLive({ is: 'failed', message: event.message || 'It stopped.' })
    made.postMessage({ kind: 'load', policies: JSON.parse(chosen) } satisfies Ask)
    const watcher = new ResizeObserver(() => {
      if (canvas.current && stage.current) setGrid(fill(canvas.current, stage.current))
    })
    if (canvas.current) watcher.observe(canvas.current)
    return () => {
      cancelAnimationFrame(frame)
      watcher.disconnect()
      made.terminate()
      stage.current?.dispose()
      stage.current = null
      worker.current = null
    }
  }, [chosen, canvas])

  return { live, readings, grid, ask, stage }
}

function fill(canvas: HTMLCanvasElement, stage: Stage): Stage['grid'] {
  const { clientWidth, clientHeight } = canvas
  if (clientWidth && clientHeight) {
    stage.resize(clientWidth, clientHeight, Math.min(window.devicePixelRatio, 2))
  }
  return stage.grid
}
