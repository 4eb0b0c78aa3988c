import type { Plans } from '@/api/types'
import { duration } from '@/lib/format'
import styles from './length-cards.module.css'
import { type Plan, PRESETS } from './plan'

/** Quick, Standard or Quality, each with its time. */
export function LengthCards({
  plan,
  plans,
  onChange,
}: {
  plan: Plan
  plans: Plans | undefined
  onChange: (plan: Plan) => void
}) {
  return (
    <fieldset className={styles.cards}>
      <legend className="visually-hidden">How long to train</legend>
      {PRESETS.map(({ id, name, says }) => {
        const length = { preset: id }
        const seconds = plans?.presets[id]?.estimate.seconds
        return (
          <label key={id} className={styles.card}>
            <input
              type="radio"
              name="length"
              className="visually-hidden"
              checked={'preset' in plan.length && plan.length.preset === id}
              onChange={() => onChange({ ...plan, length })}
            />
            <span className={styles.name}>{name}</span>
            <span className={styles.time}>{seconds === undefined ? '…' : duration(seconds)}</span>
            <span className={styles.says}>{says}</span>
          </label>
        )
      })}
    </fieldset>
  )
}
