import { useInfiniteQuery } from '@tanstack/react-query'
import { auditQuery } from '@/api/people'
import { Button } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import styles from './accounts.module.css'

/** Who changed what, newest first. */
export function Audit() {
  const audit = useInfiniteQuery(auditQuery)
  const items = audit.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className={styles.card} aria-labelledby="audit">
      <h2 id="audit">What happened</h2>
      <ProblemNotice error={audit.error} title="It could not be read" />
      <table className={styles.audit}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {items.map((entry) => (
            <tr key={entry.id}>
              <td>{new Date(entry.at).toLocaleString()}</td>
              <td>{entry.name ?? 'Somebody who left'}</td>
              <td>
                {entry.action.replace('.', ': ')} · {entry.thing.replaceAll('_', ' ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {audit.hasNextPage && (
        <Button icon="down" busy={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
          Older entries
        </Button>
      )}
    </section>
  )
}
