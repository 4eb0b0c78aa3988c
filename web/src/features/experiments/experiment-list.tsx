import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { experimentsQuery } from '@/api/queries'
import { Button, ButtonLink } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Logo } from '@/components/ui/logo'
import { ProblemNotice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { ExperimentCard } from './experiment-card'
import styles from './experiment-list.module.css'

/** All experiments, newest first, to search. */
export function ExperimentList({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const list = useInfiniteQuery(experimentsQuery(useDeferredValue(q)))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <label className={styles.search}>
        <Icon name="search" />
        <span className="visually-hidden">Search experiments</span>
        <input
          type="search"
          placeholder="Search sentences and robots"
          value={q}
          onChange={(event) => onSearch(event.target.value)}
        />
      </label>
      <ProblemNotice error={list.error} title="The list could not be read" />
      {list.isPending && <Skeleton height="11rem" />}
      {list.isSuccess && items.length === 0 && (
        <div className={styles.none}>
          <Logo size={80} />
          <p>{q ? `Nothing found for “${q}”.` : 'No robot has learned anything here yet.'}</p>
          {!q && (
            <ButtonLink to="/" look="primary">
              Teach the first one
            </ButtonLink>
          )}
        </div>
      )}
      <ul className={styles.list}>
        {items.map((item) => (
          <li key={item.id}>
            <ExperimentCard item={item} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button icon="down" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Older ones
        </Button>
      )}
    </>
  )
}
