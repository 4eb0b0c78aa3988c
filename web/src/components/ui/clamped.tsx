import { type ElementType, type ReactNode, useEffect, useRef, useState } from 'react'
import styles from './clamped.module.css'

/** A text of a few lines; one that is longer has a button that shows it all. */
export function Clamped({
  as: Tag = 'p',
  lines,
  className,
  children,
}: {
  as?: ElementType
  lines: number
  className?: string
  children: ReactNode
}) {
  const text = useRef<HTMLSpanElement>(null)
  const [open, setOpen] = useState(false)
  const [cut, setCut] = useState(false)
  useEffect(() => {
    const shown = text.current
    if (open || !shown || typeof ResizeObserver === 'undefined') return
    // Descenders of tight lines reach a little out of their box.
    const measure = () => setCut(shown.scrollHeight > shown.clientHeight * (1 + 0.5 / lines))
    const observer = new ResizeObserver(measure)
    observer.observe(shown)
    return () => observer.disconnect()
  }, [open, lines])
  return (
    <div className={styles.clamped}>
      <Tag className={className}>
        <span ref={text} className={open ? undefined : styles.lines} style={{ '--lines': lines }}>
          {children}
        </span>
      </Tag>
      {(cut || open) && (
        <button
          type="button"
          className={styles.more}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show less' : 'Show all'}
        </button>
      )}
    </div>
  )
}
