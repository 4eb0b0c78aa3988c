import type { Approach } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import styles from './reasons.module.css'

/** What is missing and what is reached already, in the judge's plain words. */
export function Reasons({
  approach: { reasons, reached, gained, origin },
}: {
  approach: Pick<Approach, 'reasons' | 'reached' | 'gained' | 'origin'>
}) {
  if (!reasons.length && !gained.length) return null
  return (
    <div className={styles.reasons}>
      {reasons.length > 0 && (
        <ul aria-label="What is missing">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {reasons.length > 0 && reached.length > 0 && (
        <p className={styles.good}>
          <Icon name="check" size={15} />
          <span>Does already: {reached.join(', ')}</span>
        </p>
      )}
      {gained.length > 0 && (
        <p className={styles.good}>
          <Icon name="spark" size={15} />
          <span>
            Better than {origin?.name}: {gained.join(', ')}
          </span>
        </p>
      )}
    </div>
  )
}
