import styles from './skeleton.module.css'

/** A place that is kept for what is loading. */
export function Skeleton({ height, ratio }: { height?: string; ratio?: string }) {
  return (
    <div className={styles.skeleton} style={{ height, aspectRatio: ratio }} aria-hidden="true" />
  )
}
