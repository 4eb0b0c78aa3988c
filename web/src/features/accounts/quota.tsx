import type { QuotaInfo } from '@/api/types'
import { FULL, PARTS, parts, usedOf } from '@/lib/quota'
import styles from './accounts.module.css'

/** What one may use and uses. */
export function Quota({ quota }: { quota: QuotaInfo }) {
  return (
    <section className={styles.card} aria-labelledby="quota">
      <h2 id="quota">What you use</h2>
      {parts(quota).map(({ part, used, most }) => (
        <div key={part} className={styles.meter}>
          <div>
            <span id={`quota-${part}`}>{PARTS[part].name}</span>
            <span>{usedOf(part, used, most)}</span>
          </div>
          {most !== null && (
            <meter
              aria-labelledby={`quota-${part}`}
              min={0}
              max={Math.max(most, 1)}
              high={most * FULL}
              value={Math.min(used, Math.max(most, 1))}
            />
          )}
        </div>
      ))}
      <p className={styles.soft}>Minutes begin anew at midnight UTC. An owner can give you more.</p>
    </section>
  )
}
