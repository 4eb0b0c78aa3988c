import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useRef,
} from 'react'
import { classes } from '@/lib/classes'
import styles from './chip-menu.module.css'

const ROOM = 260 // px that a menu wants below its button

/** A button with what opens under it; Escape closes it, and the focus is back on the button. */
export function ChipMenu({
  id,
  label,
  look,
  kind = 'menu',
  open,
  onOpen,
  button,
  children,
}: {
  id: string
  label: string
  look: string | undefined
  kind?: 'menu' | 'dialog'
  open: boolean
  onOpen: (open: boolean) => void
  button: ReactNode
  children: ReactNode | ((close: () => void) => ReactNode)
}) {
  const press = useRef<HTMLButtonElement>(null)

  function close() {
    onOpen(false)
    press.current?.focus({ preventScroll: true })
  }

  return (
    <>
      <button
        ref={press}
        type="button"
        data-chip={id}
        className={look}
        aria-haspopup={kind}
        aria-expanded={open}
        title={label}
        onMouseDown={(event) => open && event.preventDefault()} // else its blur would close it first
        onClick={() => onOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <Popup under={press} {...{ kind, label }} onClose={close} onLeave={() => onOpen(false)}>
          {typeof children === 'function' ? children(close) : children}
        </Popup>
      )}
    </>
  )
}

function Popup({
  under,
  kind,
  label,
  onClose,
  onLeave,
  children,
}: {
  under: RefObject<HTMLElement | null>
  kind: 'menu' | 'dialog'
  label: string
  onClose: () => void
  onLeave: () => void
  children: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const shown = box.current
    if (!shown) return
    shown.showPopover?.() // above all else, whatever it stands in
    place(shown, under.current)
    const find = (what: string) => shown.querySelector<HTMLElement>(what)
    const target = find('[aria-checked="true"]') ?? find('input, button')
    target?.focus({ preventScroll: true })
    target?.scrollIntoView?.({ block: 'nearest' })
    if (target instanceof HTMLInputElement) target.select()
  }, [under])

  function leave({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) {
    if (!currentTarget.contains(relatedTarget as Node | null)) onLeave()
  }

  function key(event: KeyboardEvent<HTMLElement>) {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      onClose()
    } else if (kind === 'menu') rove(event)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a menu or a dialog, by its role
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both take a label
    <div
      ref={box}
      role={kind}
      aria-label={label}
      popover="manual"
      tabIndex={0} // it scrolls
      className={classes(styles.popup, kind === 'dialog' && styles.small)}
      onBlur={leave}
      onKeyDown={key}
    >
      {children}
    </div>
  )
}

/** Under its button, or above it where more room is there; inside the window. */
function place(box: HTMLElement, under: HTMLElement | null): void {
  if (!under) return
  const { left, top, bottom } = under.getBoundingClientRect()
  const below = innerHeight - bottom
  const above = below < ROOM && top > below
  const set = (name: string, value: string) => box.style.setProperty(name, value)
  set(
    'left',
    `${Math.max(8, Math.min(left, document.documentElement.clientWidth - box.offsetWidth - 8))}px`,
  )
  set('top', above ? 'auto' : `${bottom + 4}px`)
  set('bottom', above ? `${innerHeight - top + 4}px` : 'auto')
  set('max-height', `${Math.max(120, (above ? top : below) - 16)}px`)
}

/** Arrows, Home, End and first letters go through a menu, as menus do. */
function rove(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const next = target(event.key, items, at)
  if (!next) return
  event.preventDefault()
  next.focus()
}

function target(key: string, items: HTMLElement[], at: number): HTMLElement | undefined {
  if (key === 'ArrowDown') return items[(at + 1) % items.length]
  if (key === 'ArrowUp') return items.at(at <= 0 ? -1 : at - 1)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)]
  return after.find((it) => it.textContent?.toLowerCase().startsWith(key.toLowerCase()))
}
