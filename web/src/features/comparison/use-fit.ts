import { type RefObject, useEffect, useState } from 'react'
import { arrange, type Room } from './fit'

const EDGE = 12 // px that stay free below

/** Columns and width of clips that fit, with their transport, below what stands above them. */
export function useFit(count: number, stage: RefObject<HTMLElement | null>) {
  const [{ width, height }, setRoom] = useState<Room>({ width: 0, height: 0 })
  useEffect(() => {
    const measure = () => {
      if (stage.current) setRoom((old) => settled(old, roomOf(stage.current as HTMLElement)))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body) // what stands above may grow, too
    window.addEventListener('resize', measure)
    document.addEventListener('fullscreenchange', measure)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', measure)
      document.removeEventListener('fullscreenchange', measure)
    }
  }, [stage])
  return arrange(count, { width, height })
}

/** The first screen below the stage's top; all of the screen where that would be too little. */
function roomOf(stage: HTMLElement): Room {
  const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(stage)
  const width = stage.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
  const bars = [...stage.children].slice(1).map((bar) => {
    const style = getComputedStyle(bar)
    return (bar as HTMLElement).offsetHeight + Number.parseFloat(style.marginTop)
  })
  const taken =
    bars.reduce((sum, bar) => sum + bar, 0) +
    Number.parseFloat(paddingTop) +
    Number.parseFloat(paddingBottom) +
    EDGE
  const screen = window.innerHeight - taken
  const head = document.querySelector('header')?.offsetHeight ?? 0
  const top = document.fullscreenElement ? 0 : stage.getBoundingClientRect().top + window.scrollY
  const first = screen - top
  return { width, height: first > screen / 2 ? first : screen - head }
}

/** A pixel more or less moves nothing: a scrollbar that comes and goes would make it flicker. */
function settled(old: Room, now: Room): Room {
  const same = Math.abs(old.width - now.width) < 2 && Math.abs(old.height - now.height) < 2
  return same ? old : now
}
