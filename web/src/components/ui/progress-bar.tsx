import styles from './progress-bar.module.css'

/** How much is done, 0 to 1; null where nobody can say. */
export function ProgressBar({ label, value }: { label: string; value: number | null }) {
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={styles.bar}
    >
      <div
        className={styles.fill}
        style={{ '--done': percent === undefined ? 0.35 : percent / 100 }}
      />
    </div>
  )
}
