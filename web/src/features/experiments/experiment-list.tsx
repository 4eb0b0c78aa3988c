import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { nameOf, useGone } from '@/api/gone'
import { experimentsQuery } from '@/api/queries'
import { Button, ButtonLink } from '@/components/ui/button'
import { Logo } from '@/components/ui/logo'
import { ProblemNotice } from '@/components/ui/notice'
import { SearchField } from '@/components/ui/search-field'
import { Skeleton } from '@/components/ui/skeleton'
import { useAddressText } from '@/lib/address'
import { ExperimentCard } from './experiment-card'
import styles from './experiment-list.module.css'
import { FILTERS, type Filter } from './statuses'

/** All experiments, newest first, to search and to narrow to those of a kind. */
export function ExperimentList({
  filter,
  onFilter,
}: {
  filter: Filter | null
  onFilter: (filter: Filter | null) => void
}) {
  const { field, settled: q } = useAddressText('q')
  const gone = useGone()
  const statuses = filter ? FILTERS[filter].statuses : []
  const list = useInfiniteQuery({
    ...experimentsQuery(q, statuses),
    placeholderData: keepPreviousData,
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const shown = items.filter((item) => !gone.has(nameOf({ kind: 'own', id: item.id ?? '' })))
  return (
    <>
      <div className={styles.find}>
        <div className={styles.search}>
          <SearchField
            label="Search experiments"
            placeholder="Search sentences and robots"
            {...field}
          />
        </div>
        <fieldset className={styles.filters}>
          <legend className="visually-hidden">Show</legend>
          <FilterButton label="All" on={!filter} onClick={() => onFilter(null)} />
          {Object.entries(FILTERS).map(([name, { label }]) => (
            <FilterButton
              key={name}
              label={label}
              on={name === filter}
              onClick={() => onFilter(name as Filter)}
            />
          ))}
        </fieldset>
      </div>
      <ProblemNotice error={list.error} title="The list could not be read" />
      {list.isPending && <Skeleton height="11rem" />}
      {list.isSuccess && shown.length === 0 && (
        <div className={styles.none}>
          <Logo size={80} />
          <p>{nothing(q, filter)}</p>
          {!q && !filter && (
            <ButtonLink to="/" look="primary">
              Teach the first one
            </ButtonLink>
          )}
        </div>
      )}
      <ul className={styles.list}>
        {shown.map((item) => (
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

function FilterButton({ label, on, onClick }: { label: string; on: boolean; onClick: () => void }) {
  return (
    <button type="button" className={styles.filter} aria-pressed={on} onClick={onClick}>
      {label}
    </button>
  )
}

function nothing(q: string, filter: Filter | null): string {
  const among = filter ? ` among “${FILTERS[filter].label}”` : ''
  if (q) return `Nothing found for “${q}”${among}.`
  return filter ? `Nothing here${among}.` : 'No robot has learned anything here yet.'
}
