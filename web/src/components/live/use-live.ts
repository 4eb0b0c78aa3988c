import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { Delay } from './delay'
import type { Facts, Playable } from './facts'
import type { Ask, Moved, Told } from './messages'
import { type Place, type Runner, run } from './runner'
import { Stage } from './stage'

export type Live =
  | { is: 'loading' }
  | { is: 'failed'; message: string }
  | { is: 'running'; facts: Facts; steered: boolean }

export type Readings = Pick<Moved, 'load' | 'robots' | 'tried'> & {
  /** From what a person does to a picture of it, ms; null until something was done. */
  delay: number | null
}

/** How the server is reached; null where the page runs the robots itself. */
export type Link = Omit<Extract<Told, { kind: 'connection' }>, 'kind'> | null

const READ_EVERY_MS = 200
const LASTING: ReadonlySet<Ask['kind']> = new Set(['steer', 'hold', 'pause', 'speed', 'world'])

/** Policies of one robot that run somewhere and are drawn on a canvas while the component lives. */
export function useLive(
  policies: readonly Playable[],
  place: Place,
  canvas: RefObject<HTMLCanvasElement | null>,
  /** Whether others are asked to run them, now that these cannot. */
  onFailed: (message: string) => boolean,
) {
  const [live, setLive] = useState<Live>({ is: 'loading' })
  const [link, setLink] = useState<Link>(null)
  const [readings, setReadings] = useState<Readings | null>(null)
  const [grid, setGrid] = useState({ columns: 1, rows: 1 })
  const runner = useRef<Runner | null>(null)
  const stage = useRef<Stage | null>(null)
  const delay = useRef(new Delay())
  const lasting = useRef(new Map<Ask['kind'], Ask>())
  const chosen = JSON.stringify(policies) // another array of the same policies changes nothing
  const ask = useCallback((what: Ask) => {
    if (LASTING.has(what.kind)) lasting.current.set(what.kind, what)
    if (runner.current?.ask(what)) delay.current.ask(performance.now())
  }, [])

  useEffect(() => {
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
        setReadings({ ...latest, delay: delay.current.last })
      }
      frame = requestAnimationFrame(draw)
    }
    const show = ({ facts: all, drawing, numbers, poses }: Extract<Told, { kind: 'loaded' }>) => {
      if (!canvas.current) return
      const [facts] = all as [Facts]
      try {
        stage.current = new Stage(canvas.current, drawing, numbers, facts, all.length)
      } catch {
        setLive({ is: 'failed', message: 'This browser shows no 3D: WebGL is off.' })
        return
      }
      stage.current.pose(poses, 0)
      stage.current.look()
      setGrid(fill(canvas.current, stage.current))
      setLive({ is: 'running', facts, steered: all.some(({ steered }) => steered) })
      frame = requestAnimationFrame(draw)
    }
    const hear = (told: Told) => {
      switch (told.kind) {
        case 'loaded':
          return show(told)
        case 'begun': // a server that was away knows nothing any more
          delay.current.begin()
          return lasting.current.forEach(ask)
        case 'moved':
          latest = told
          return delay.current.hear(told.heard, performance.now())
        case 'connection':
          return setLink({ connection: told.connection, reason: told.reason })
        case 'failed':
          if (!onFailed(told.message)) setLive({ is: 'failed', message: told.message })
      }
    }
    setLive({ is: 'loading' })
    setLink(null)
    setReadings(null)
    delay.current = new Delay()
    runner.current = run(place, JSON.parse(chosen), hear)
    const watcher = new ResizeObserver(() => {
      if (canvas.current && stage.current) setGrid(fill(canvas.current, stage.current))
    })
    if (canvas.current) watcher.observe(canvas.current)
    return () => {
      cancelAnimationFrame(frame)
      watcher.disconnect()
      runner.current?.close()
      stage.current?.dispose()
      stage.current = null
      runner.current = null
    }
  }, [chosen, place, canvas, ask, onFailed])

  return { live, link, readings, grid, ask, stage }
}

function fill(canvas: HTMLCanvasElement, stage: Stage): Stage['grid'] {
  const { clientWidth, clientHeight } = canvas
  if (clientWidth && clientHeight) {
    stage.resize(clientWidth, clientHeight, Math.min(window.devicePixelRatio, 2))
  }
  return stage.grid
}
