import styles from './speed-menu.module.css'

const SPEEDS = [0.1, 0.25, 0.5, 1, 1.5, 2]

/** How fast something plays, as a factor of real time. */
export function SpeedMenu({
  value,
  most = 2,
  onChange,
}: {
  value: number
  most?: number
  onChange: (value: number) => void
}) {
  return (
    <label className={styles.speed}>
      <span className="visually-hidden">Speed</span>
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {SPEEDS.filter((speed) => speed <= most).map((speed) => (
          <option key={speed} value={speed}>
            {speed}×
          </option>
        ))}
      </select>
    </label>
  )
}
