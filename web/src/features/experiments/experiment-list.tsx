import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { experimentsQuery } from '@/api/queries'
import { Button, ButtonLink } from '@/components/ui/button'
import { Logo } from '@/components/ui/logo'
import { ProblemNotice } from '@/components/ui/notice'
import { SearchField } from '@/components/ui/search-field'
import { Skeleton } from '@/components/ui/skeleton'
import { useAddressText } from '@/lib/address'
import { ExperimentCard } from './experiment-card'
import styles from './experiment-list.module.css'

/** All experiments, newest first, to search. */
export function ExperimentList() {
  const { field, settled: q } = useAddressText('q')
  const list = useInfiniteQuery({ ...experimentsQuery(q), placeholderData: keepPreviousData })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <div className={styles.search}>
        <SearchField
          label="Search experiments"
          placeholder="Search sentences and robots"
          {...field}
        />
      </div>
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
