import type { ReactNode } from 'react'
import { Link, type To } from 'react-router'
import styles from './steps.module.css'

export type Step = { id: string; label: string; count?: ReactNode; to: To | null }

/** Where one is on a way of few steps; a step without an address cannot be taken yet. */
export function Steps({
  label,
  steps,
  current,
}: {
  label: string
  steps: readonly Step[]
  current: string
}) {
  return (
    <nav aria-label={label}>
      <ol className={styles.steps}>
        {steps.map(({ id, label, count, to }) => {
          const inside = (
            <>
              {label}
              {count ? <span className={styles.count}>{count}</span> : null}
            </>
          )
          return (
            <li key={id}>
              {to ? (
                <Link
                  to={to}
                  className={styles.step}
                  aria-current={id === current ? 'step' : undefined}
                >
                  {inside}
                </Link>
              ) : (
                <span className={styles.step} aria-disabled="true">
                  {inside}
                </span>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
