import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { clipTime } from '@/lib/format'
import { SyncClock } from './clock'
import { ShownFrames } from './frames'

/** Elements that follow the clock at the display's rate, outside React's state. */
export type Displays = {
  root: RefObject<HTMLElement | null>
  scrubber: RefObject<HTMLInputElement | null>
  readout: RefObject<HTMLElement | null>
}

/** The clock of a comparison with what React has to know of it. */
export function usePlayer(
  start: number,
  plays: boolean, // at once
  onRest: (time: number | null) => void,
) {
  const clock = useMemo(() => new SyncClock(), [])
  const frames = useMemo(() => new ShownFrames(), [])
  const [playing, setPlaying] = useState(false)
  const [loop, setLoop] = useState(true)
  const [rate, setRate] = useState(1)
  const displays: Displays = { root: useRef(null), scrubber: useRef(null), readout: useRef(null) }
  const { root, scrubber, readout } = displays
  const rest = useRef(onRest)
  useEffect(() => {
    rest.current = onRest
  })

  useEffect(() => {
    clock.seek(start, plays)
  }, [clock, start, plays])

  // A hidden tab decodes nothing, and goes on where it was.
  useEffect(() => {
    let played = false
    function turn() {
      if (document.hidden) played = clock.playing
      if (!played) return
      if (document.hidden) clock.pause()
      else clock.play()
    }
    document.addEventListener('visibilitychange', turn)
    return () => document.removeEventListener('visibilitychange', turn)
  }, [clock])

  useEffect(() => {
    let handle = requestAnimationFrame(function draw(now) {
      clock.tick()
      if (clock.flowing) frames.measure(now)
      else frames.clear()
      setPlaying(clock.playing)
      show(clock, frames, { root, scrubber, readout })
      handle = requestAnimationFrame(draw)
    })
    return () => cancelAnimationFrame(handle)
  }, [clock, frames, root, scrubber, readout])

  const player = useMemo(() => {
    const still = () => rest.current(clock.time)
    return {
      add(video: HTMLVideoElement) {
        const removers = [clock.add(video), frames.add(video)]
        return () => {
          for (const remove of removers) remove()
        }
      },
      toggle() {
        if (clock.playing) clock.pause()
        else clock.play()
        rest.current(clock.playing ? null : clock.time)
      },
      seek(time: number) {
        clock.seek(time)
        if (!clock.playing) still()
      },
      step(count: number) {
        clock.step(count)
        still()
      },
      nudge: (seconds: number) => clock.seek(clock.time + seconds),
      setLoop(on: boolean) {
        clock.loop = on
        setLoop(on)
      },
      setRate(next: number) {
        clock.setRate(next)
        setRate(next)
      },
    }
  }, [clock, frames])

  return { player, clock, displays, playing, loop, rate }
}

export type Player = ReturnType<typeof usePlayer>['player']

function show(clock: SyncClock, frames: ShownFrames, { root, scrubber, readout }: Displays) {
  const { time, duration } = clock
  if (scrubber.current) {
    const range = scrubber.current
    range.max = String(duration)
    if (!range.matches(':active')) range.value = String(time)
    range.style.setProperty('--share', String(time / duration))
    range.setAttribute('aria-valuetext', `${time.toFixed(2)} of ${duration.toFixed(0)} seconds`)
  }
  if (readout.current) readout.current.textContent = clipTime(time)
  if (root.current) {
    root.current.dataset.worstMs = (clock.apart.worst * 1000).toFixed(2)
    root.current.dataset.ticks = String(clock.apart.ticks)
    root.current.dataset.ticksOver = String(clock.apart.over)
    root.current.dataset.worstFrames = String(frames.worst)
  }
}
