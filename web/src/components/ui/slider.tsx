import { type ComponentProps, useId } from 'react'
import styles from './slider.module.css'

/** A range input with its label and what its value means. */
export function Slider({
  label,
  shown,
  hideLabel,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { label: string; shown: string; hideLabel?: boolean }) {
  const id = useId()
  const [min, max] = [Number(rest.min ?? 0), Number(rest.max ?? 100)]
  const share = max > min ? (Number(rest.value) - min) / (max - min) : 0
  return (
    <div className={styles.slider}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        aria-valuetext={shown}
        style={{ '--share': share }}
        className={styles.range}
        {...rest}
      />
    </div>
  )
}
