import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Vector3 } from 'three'
import { Button, IconButton } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Slider } from '@/components/ui/slider'
import type { Facts } from './facts'
import styles from './live-view.module.css'
import type { World } from './simulation'
import { commanded, STEERS, wishOfGamepad, wishOfKeys } from './steering'
import { type Readings, useLive } from './use-live'

const SPEEDS = [1, 0.5, 0.25, 0.1]
const TRAINED: World = { friction: 1, mass: 1, strength: 1 }
const WORLD: { name: keyof World; label: string; most: number }[] = [
  { name: 'friction', label: 'Friction', most: 2 },
  { name: 'mass', label: 'Mass', most: 2 },
  { name: 'strength', label: 'Motor strength', most: 2 },
]
const PUSH_N = 80
const PUSH_S = 0.1
const PULL_N_PER_M = 150

/** A robot that runs in the page: to look at from all sides, to steer, to push. */
export function LiveView({ files }: { files: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { live, readings, ask, stage } = useLive(files, canvas)
  const [paused, setPaused] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [world, setWorld] = useState(TRAINED)
  const facts = live.is === 'running' ? live.facts : null
  useSteering(facts, ask)
  const pull = usePull(stage, ask)

  const pause = (value: boolean) => {
    setPaused(value)
    ask({ kind: 'pause', paused: value })
  }
  const change = (name: keyof World, value: number) => {
    const next = { ...world, [name]: value }
    setWorld(next)
    ask({ kind: 'world', world: next })
  }
  const push = (from: -1 | 1) => {
    const side = stage.current?.sideways()
    if (side) {
      const [x, y] = [from * PUSH_N * side.x, from * PUSH_N * side.y]
      ask({ kind: 'push', force: [x, y, 0], seconds: PUSH_S })
    }
  }

  return (
    <div className={styles.live}>
      <div className={styles.scene}>
        <div
          className={styles.stage}
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys steer
          tabIndex={0}
          aria-label={facts ? `${facts.name}, running` : 'A robot'}
        >
          <canvas ref={canvas} className={styles.canvas} data-state={live.is} {...pull} />
        </div>
        {live.is === 'loading' && <p className={styles.over}>Getting the robot ready…</p>}
        {live.is === 'failed' && (
          <div className={styles.over}>
            <Notice tone="fail" title="It cannot run here" detail={live.message} />
          </div>
        )}
        {readings && facts && <Numbers readings={readings} facts={facts} />}
      </div>
      <div className={styles.controls} inert={!facts || undefined}>
        <div className={styles.buttons} role="toolbar" aria-label="The simulation">
          <IconButton
            name={paused ? 'play' : 'pause'}
            label={paused ? 'Go on' : 'Pause'}
            onClick={() => pause(!paused)}
          />
          <IconButton
            name="forward"
            label="One control step"
            onClick={() => {
              pause(true)
              ask({ kind: 'single' })
            }}
          />
          <IconButton name="retry" label="Begin again" onClick={() => ask({ kind: 'reset' })} />
          <IconButton name="eye" label="Camera of the clip" onClick={() => stage.current?.look()} />
          <label className={styles.speed}>
            <span className="visually-hidden">Speed</span>
            <select
              value={speed}
              onChange={(event) => {
                const factor = Number(event.target.value)
                setSpeed(factor)
                ask({ kind: 'speed', factor })
              }}
            >
              {SPEEDS.map((value) => (
                <option key={value} value={value}>
                  {value}×
                </option>
              ))}
            </select>
          </label>
          <Button size="small" icon="right" onClick={() => push(1)}>
            Push
          </Button>
          <Button size="small" icon="left" onClick={() => push(-1)}>
            Push
          </Button>
        </div>
        <fieldset className={styles.world}>
          <legend className="visually-hidden">The world</legend>
          {WORLD.map(({ name, label, most }) => (
            <Slider
              key={name}
              label={`${label} ${Math.round(100 * world[name])}%`}
              shown={`${Math.round(100 * world[name])}%`}
              min={0.1}
              max={most}
              step={0.05}
              value={world[name]}
              onChange={(event) => change(name, Number(event.target.value))}
            />
          ))}
        </fieldset>
        <p className={styles.hint}>
          {facts?.steered
            ? 'Arrow keys or WASD walk and turn it, Q and E step aside; a gamepad works, too. '
            : ''}
          Drag the robot to pull it, drag beside it to look around.
        </p>
      </div>
    </div>
  )
}

function Numbers({ readings, facts }: { readings: Readings; facts: Facts }) {
  const { time, falls, velocity, way, load } = readings
  const [ahead, left, turn] = velocity
  return (
    <dl className={styles.numbers}>
      <Reading name="Time" value={`${time.toFixed(1)} s`} />
      {facts.free_base && (
        <>
          <Reading name="Ahead" value={`${ahead.toFixed(2)} m/s`} />
          <Reading name="Left" value={`${left.toFixed(2)} m/s`} />
          <Reading name="From its start" value={`${way.toFixed(2)} m`} />
          <Reading name="Turn" value={`${turn.toFixed(2)} rad/s`} />
        </>
      )}
      {falls > 0 && <Reading name="Fell, and began again" value={`${falls}×`} />}
      <Reading name="Computing" value={`${Math.round(100 * load)}% of its time`} />
    </dl>
  )
}

function Reading({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-number={name}>{value}</dd>
    </div>
  )
}

type Asks = ReturnType<typeof useLive>['ask']

/** Keys and a gamepad, as commands within what the policy follows. */
function useSteering(facts: Facts | null, ask: Asks): void {
  useEffect(() => {
    if (!facts?.steered) return
    const held = new Set<string>()
    let told = ''
    const tell = (wish: [number, number, number]) => {
      const command = commanded(wish, facts.command_ranges)
      const now = command.join()
      if (now === told) return
      told = now
      ask({ kind: 'steer', command })
    }
    const down = (event: KeyboardEvent) => {
      if (!STEERS(event.code) || event.target instanceof HTMLInputElement) return
      event.preventDefault()
      held.add(event.code)
      tell(wishOfKeys(held))
    }
    const up = (event: KeyboardEvent) => {
      if (held.delete(event.code)) tell(wishOfKeys(held))
    }
    const release = () => {
      held.clear()
      tell([0, 0, 0])
    }
    const pads = setInterval(() => {
      const pad = navigator.getGamepads?.().find(Boolean)
      if (pad && held.size === 0) tell(wishOfGamepad(pad))
    }, 50)
    window.addEventListener('keydown', down)
    window.addEventListener('keyup', up)
    window.addEventListener('blur', release)
    return () => {
      clearInterval(pads)
      window.removeEventListener('keydown', down)
      window.removeEventListener('keyup', up)
      window.removeEventListener('blur', release)
    }
  }, [facts, ask])
}

/** Dragging the robot pulls it like a spring; dragging beside it turns the camera. */
function usePull(stage: ReturnType<typeof useLive>['stage'], ask: Asks) {
  const pulled = useRef<{ body: number; point: Vector3 } | null>(null)
  const end = () => {
    const grabbed = pulled.current
    if (!grabbed || !stage.current) return
    ask({ kind: 'hold', force: null, body: grabbed.body })
    stage.current.pulling(grabbed.body, null)
    stage.current.controls.enabled = true
    pulled.current = null
  }
  return {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      const hit = stage.current?.hit(...place(event))
      if (!hit || !stage.current) return
      pulled.current = hit
      stage.current.controls.enabled = false
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
      const grabbed = pulled.current
      if (!grabbed || !stage.current) return
      const to = stage.current.beside(...place(event), grabbed.point)
      const along = to.clone().sub(grabbed.point).multiplyScalar(PULL_N_PER_M)
      ask({ kind: 'hold', force: along.toArray(), body: grabbed.body })
      stage.current.pulling(grabbed.body, to)
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}

function place(event: PointerEvent<HTMLCanvasElement>): [number, number] {
  const box = event.currentTarget.getBoundingClientRect()
  const x = (event.clientX - box.left) / box.width
  const y = (event.clientY - box.top) / box.height
  return [2 * x - 1, 1 - 2 * y]
}
