import { type ReactNode, useEffect, useRef } from 'react'
import { classes } from '@/lib/classes'
import { IconButton } from './button'
import styles from './dialog.module.css'

/** A modal dialog; the browser keeps the focus in it and Escape closes it. */
export function Dialog({
  open,
  title,
  wide,
  onClose,
  children,
}: {
  open: boolean
  title: string
  wide?: boolean
  onClose: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      className={classes(styles.dialog, wide && styles.wide)}
      aria-label={title}
      onClose={onClose}
    >
      <header className={styles.header}>
        <h2>{title}</h2>
        <IconButton name="cross" label="Close" onClick={onClose} />
      </header>
      {open && children}
    </dialog>
  )
}
