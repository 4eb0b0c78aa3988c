import type { ReactNode } from 'react'
import styles from './drawer.module.css'
import { Icon } from './icon'

/** More of the same, for those who open it. */
export function Drawer({
  title,
  onToggle,
  children,
}: {
  title: string
  onToggle?: (open: boolean) => void
  children: ReactNode
}) {
  return (
    <details className={styles.drawer} onToggle={(event) => onToggle?.(event.currentTarget.open)}>
      <summary>
        <Icon name="right" size={18} /> {title}
      </summary>
      {children}
    </details>
  )
}
