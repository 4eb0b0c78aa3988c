import { type Dot, extent, path } from './scale'
import styles from './spark.module.css'

const [W, H] = [100, 26]

/** A curve without axes, as wide as its place. */
export function Spark({ dots }: { dots: readonly Dot[] }) {
  if (dots.length < 2) return <svg className={styles.spark} aria-hidden="true" />
  const [x0, x1] = [dots[0]?.[0] ?? 0, dots.at(-1)?.[0] ?? 1]
  const [y0, y1] = extent(dots.map(([, value]) => value))
  const x = (v: number) => ((v - x0) / (x1 - x0 || 1)) * W
  const y = (v: number) => (1 - (v - y0) / (y1 - y0)) * H
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${W} ${H}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path(dots, x, y)} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
