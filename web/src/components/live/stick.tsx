import { type PointerEvent, useState } from 'react'
import type { Command } from './facts'
import styles from './stick.module.css'

/** A stick for a thumb: ahead, back, and to the sides it turns. Let go, and the robot stands. */
export function Stick({ onWish }: { onWish: (wish: Command) => void }) {
  const [at, setAt] = useState<[number, number]>([0, 0])
  const move = (x: number, y: number) => {
    setAt([x, y])
    onWish([0 - y, 0, 0 - x])
  }
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
    const x = (2 * (event.clientX - left)) / width - 1
    const y = (2 * (event.clientY - top)) / height - 1
    const far = Math.max(1, Math.hypot(x, y))
    move(x / far, y / far)
  }
  const end = () => move(0, 0)
  return (
    <div
      className={styles.stick}
      data-testid="stick"
      aria-hidden="true" // keys steer, too
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event)
      }}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <span style={{ '--x': at[0], '--y': at[1] }} />
    </div>
  )
}
