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

  /** Under its button, inside the window: towards the side that has more room. */
  function place(button: HTMLElement) {
    const { left, right, bottom } = button.getBoundingClientRect()
    const onward = left + right < innerWidth
    const [from, to] = [`${Math.max(8, left)}px`, `${Math.max(8, innerWidth - right)}px`]
    list.current?.style.setProperty('--left', onward ? from : 'auto')
    list.current?.style.setProperty('--right', onward ? 'auto' : to)
    list.current?.style.setProperty('--top', `${bottom + 4}px`)
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
