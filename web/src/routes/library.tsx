import { Suspense } from 'react'
import { Boundary } from '@/components/ui/boundary'
import { Skeleton } from '@/components/ui/skeleton'
import { LibraryShelf } from '@/features/library/library-shelf'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** Behaviours that come with TabRL. */
export function LibraryRoute() {
  useTitle('Library')
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Already learned</h1>
        <p className={styles.lead}>
          Trained in advance, here to be watched, voted for and forked. Each began as one sentence.
        </p>
      </header>
      <Boundary name="The library">
        <Suspense fallback={<Skeleton height="20rem" />}>
          <LibraryShelf wide />
        </Suspense>
      </Boundary>
    </div>
  )
}
