import { type ReactNode, useId, useRef } from 'react'
import { IconButton } from './button'
import type { IconName } from './icon'
import styles from './menu.module.css'

/** Buttons that are seldom needed, behind one; the browser closes it at Escape and outside it. */
export function Menu({
  label,
  icon = 'more',
  children,
}: {
  label: string
  icon?: IconName
  children: ReactNode
}) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)

  /** At its button, inside the window: towards the sides that have more room. */
  function place(button: HTMLElement) {
    const { left, right, top, bottom } = button.getBoundingClientRect()
    const onward = left + right < innerWidth
    const [from, to] = [`${Math.max(8, left)}px`, `${Math.max(8, innerWidth - right)}px`]
    list.current?.style.setProperty('--left', onward ? from : 'auto')
    list.current?.style.setProperty('--right', onward ? 'auto' : to)
    const under = bottom < innerHeight * 0.65
    list.current?.style.setProperty('--top', under ? `${bottom + 4}px` : 'auto')
    list.current?.style.setProperty('--bottom', under ? 'auto' : `${innerHeight - top + 4}px`)
  }

  return (
    <>
      <IconButton
        name={icon}
        label={label}
        popoverTarget={id}
        onClick={(event) => place(event.currentTarget)}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its buttons answer the keyboard */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: its buttons answer the keyboard */}
      <div
        ref={list}
        id={id}
        popover="auto"
        className={styles.menu}
        onClick={() => list.current?.hidePopover?.()}
      >
        {children}
      </div>
    </>
  )
}
