import type { RobotInfo } from '@/api/types'
import { duration } from '@/lib/format'
import styles from './length-cards.module.css'
import { type Plan, PRESETS, secondsOf } from './plan'

/** Quick, Standard or Quality, each with its time. */
export function LengthCards({
  plan,
  robot,
  total,
  onChange,
}: {
  plan: Plan
  robot: RobotInfo | undefined
  total: number
  onChange: (plan: Plan) => void
}) {
  return (
    <fieldset className={styles.cards}>
      <legend className="visually-hidden">How long to train</legend>
      {PRESETS.map(({ id, name, says }) => {
        const length = { preset: id }
        const seconds = secondsOf({ ...plan, length }, robot, total)
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
            <span className={styles.time}>{seconds === null ? '…' : duration(seconds)}</span>
            <span className={styles.says}>{says}</span>
          </label>
        )
      })}
    </fieldset>
  )
}
