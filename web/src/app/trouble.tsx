import { useQuery } from '@tanstack/react-query'
import { healthQuery } from '@/api/queries'
import { Notice } from '@/components/ui/notice'
import styles from './layout.module.css'

/** What whoever runs the studio should see to: a full disk, a database that is away. */
export function Trouble() {
  const trouble = useQuery(healthQuery).data?.trouble
  return (
    <div role="status">
      {trouble && (
        <div className={styles.trouble}>
          <Notice tone="review" title={trouble.message} detail={trouble.hint} />
        </div>
      )}
    </div>
  )
}
