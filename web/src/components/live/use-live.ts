import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Facts } from './facts'
import type { Ask, Moved, Told } from './messages'
import { Stage } from './stage'

export type Live =
  | { is: 'loading' }
  | { is: 'failed'; message: string }
  | { is: 'running'; facts: Facts }

export interface Readings {
  time: number
  falls: number
  load: number
  velocity: [number, number, number]
  way: number
}

const READ_EVERY_MS = 200

/** A robot that runs in a worker and is drawn on a canvas as long as the component lives. */
export function useLive(files: string, canvas: RefObject<HTMLCanvasElement | null>) {
  const [live, setLive] = useState<Live>({ is: 'loading' })
  const [readings, setReadings] = useState<Readings | null>(null)
  const worker = useRef<Worker | null>(null)
  const stage = useRef<Stage | null>(null)
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
        const { time, falls, load, velocity, way } = latest
        setReadings({ time, falls, load, velocity, way })
      }
      frame = requestAnimationFrame(draw)
    }
    made.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.kind === 'moved') latest = data
      else if (data.kind === 'failed') setLive({ is: 'failed', message: data.message })
      else if (canvas.current) {
        const { facts, drawing, numbers, poses } = data
        try {
          stage.current = new Stage(canvas.current, drawing, numbers, facts.camera, facts.base)
        } catch {
          setLive({ is: 'failed', message: 'This browser shows no 3D: WebGL is off.' })
          return
        }
        stage.current.pose(poses, 0)
        stage.current.look()
        fill(canvas.current, stage.current)
        setLive({ is: 'running', facts })
        frame = requestAnimationFrame(draw)
      }
    }
    made.onerror = (event) => setLive({ is: 'failed', message: event.message || 'It stopped.' })
    made.postMessage({ kind: 'load', files } satisfies Ask)
    const watcher = new ResizeObserver(() => {
      if (canvas.current && stage.current) fill(canvas.current, stage.current)
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
  }, [files, canvas])

  return { live, readings, ask, stage }
}

function fill(canvas: HTMLCanvasElement, stage: Stage): void {
  const { clientWidth, clientHeight } = canvas
  if (clientWidth && clientHeight) {
    stage.resize(clientWidth, clientHeight, Math.min(window.devicePixelRatio, 2))
  }
}
