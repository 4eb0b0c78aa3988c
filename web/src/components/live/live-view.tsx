import { type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Vector3 } from 'three'
import { Button, IconButton } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Slider } from '@/components/ui/slider'
import { SpeedMenu } from '@/components/ui/speed-menu'
import { Numbers } from '@/components/verdict/numbers'
import type { Facts, Playable } from './facts'
import styles from './live-view.module.css'
import { usePlace } from './place'
import { Names, Readout } from './readout'
import { isServed } from './runner'
import type { World } from './scenes'
import { commanded, STEERS, wishOfGamepad, wishOfKeys } from './steering'
import { Stick } from './stick'
import { useLive } from './use-live'
import { Lost, Where } from './where'

const TRAINED: World = { friction: 1, mass: 1, strength: 1 }
const WORLD: { name: keyof World; label: string; most: number }[] = [
  { name: 'friction', label: 'Friction', most: 2 },
  { name: 'mass', label: 'Mass', most: 2 },
  { name: 'strength', label: 'Motor strength', most: 2 },
]
const DROPS = 'KeyB'
const PUSH_N = 80
const STARTS = 20
const PUSH_S = 0.1
const PULL_N_PER_M = 150

/** Robots that run in the page or on the server: to look at from all sides, to steer, to push. */
export function LiveView({ policies }: { policies: readonly Playable[] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { place, trouble, choose, fail } = usePlace(isServed(policies))
  const { live, link, readings, grid, ask, stage } = useLive(policies, place, canvas, fail)
  const [first] = policies
  const metric = policies.length === 1 ? first?.metric : null
  const several = policies.length > 1
  const [paused, setPaused] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [world, setWorld] = useState(TRAINED)
  const facts = live.is === 'running' ? live.facts : null
  const steered = live.is === 'running' && live.steered ? live.facts : null
  useSteering(steered, ask)
  useDropping(Boolean(facts?.box), ask)
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
          aria-label={facts ? `${policies.map(({ name }) => name).join(', ')}: running` : 'A robot'}
        >
          <canvas
            key={place} // a context belongs to one stage
            ref={canvas}
            className={styles.canvas}
            data-state={live.is}
            {...pull}
          />
        </div>
        {live.is === 'loading' && (
          <p className={styles.over}>
            {several ? 'Getting the robots ready…' : 'Getting the robot ready…'}
          </p>
        )}
        {live.is === 'failed' && (
          <div className={styles.over}>
            <Notice tone="fail" title="It cannot run here" detail={live.message} />
          </div>
        )}
        {steered && (
          <Stick
            onWish={(wish) =>
              ask({ kind: 'steer', command: commanded(wish, steered.command_ranges) })
            }
          />
        )}
        {readings && facts && !several && <Readout readings={readings} facts={facts} />}
        {several && <Names policies={policies} readings={readings} facts={facts} grid={grid} />}
        <Lost link={link} />
      </div>
      {isServed(policies) && (
        <Where place={place} trouble={trouble} link={link} readings={readings} onChoose={choose} />
      )}
      {metric && <Numbers metric={metric} now={readings?.robots[0]?.values ?? {}} />}
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
          <SpeedMenu
            value={speed}
            most={1} // real time
            onChange={(factor) => {
              setSpeed(factor)
              ask({ kind: 'speed', factor })
            }}
          />
          <Button size="small" icon="right" onClick={() => push(1)}>
            Push
          </Button>
          <Button size="small" icon="left" onClick={() => push(-1)}>
            Push
          </Button>
          {facts?.box && (
            <Button size="small" icon="box" onClick={() => ask({ kind: 'box', there: true })}>
              Drop a box
            </Button>
          )}
          {readings?.robots.some(({ box }) => box) && (
            <Button size="small" icon="cross" onClick={() => ask({ kind: 'box', there: false })}>
              Take it away
            </Button>
          )}
          {policies.some(({ metric }) => metric) && (
            <Button
              size="small"
              icon="check"
              disabled={place === 'server'}
              title={
                place === 'server'
                  ? 'Only where this page runs it: twenty clips would keep the server from others.'
                  : 'Ten seconds from each of twenty starts near the usual one: how often does it pass?'
              }
              onClick={() => {
                pause(false)
                ask({ kind: 'try', starts: STARTS })
              }}
            >
              Twenty starts
            </Button>
          )}
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
          {steered
            ? 'Arrow keys or WASD walk and turn it, Q and E step aside; a gamepad works, too. '
            : ''}
          {several
            ? 'All of them feel the same pushes. Drag a robot to pull all alike, drag beside it to look around.'
            : 'Drag the robot to pull it, drag beside it to look around.'}
          {facts?.box ? ' B drops a box in its way.' : ''}
        </p>
      </div>
    </div>
  )
}

type Asks = ReturnType<typeof useLive>['ask']

/** Keys and a gamepad, as commands within what the policy follows. */
function useSteering(facts: Facts | null, ask: Asks): void {
  useLayoutEffect(() => {
    // not after the next picture: a key may be down by then
    if (!facts) return
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

/** A key that drops a box. */
function useDropping(can: boolean, ask: Asks): void {
  useEffect(() => {
    if (!can) return
    const down = (event: KeyboardEvent) => {
      if (event.code !== DROPS || event.repeat || event.ctrlKey || event.metaKey || event.altKey)
        return
      if (!(event.target instanceof HTMLInputElement)) ask({ kind: 'box', there: true })
    }
    window.addEventListener('keydown', down)
    return () => window.removeEventListener('keydown', down)
  }, [can, ask])
}

/** Dragging the robot pulls it like a spring; dragging beside it turns the camera. */
function usePull(stage: ReturnType<typeof useLive>['stage'], ask: Asks) {
  const pulled = useRef<{ robot: number; body: number; point: Vector3 } | null>(null)
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
      const to = stage.current.beside(...place(event), grabbed.robot, grabbed.point)
      const along = to.sub(grabbed.point)
      stage.current.pulling(grabbed.body, along)
      const force = along.clone().multiplyScalar(PULL_N_PER_M).toArray()
      ask({ kind: 'hold', force, body: grabbed.body })
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
