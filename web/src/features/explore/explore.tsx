import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'
import { exploreQuery } from '@/api/explore'
import { Button } from '@/components/ui/button'
import { Logo } from '@/components/ui/logo'
import { ProblemNotice } from '@/components/ui/notice'
import { SearchField } from '@/components/ui/search-field'
import { Skeleton } from '@/components/ui/skeleton'
import { useAddressText, useSetParameter } from '@/lib/address'
import styles from './explore.module.css'
import { ExploreCard } from './explore-card'
import { asked, FILTERS, Filters, type Order, Orders } from './filters'
import { useMore } from './use-more'

/** What people taught: to search, to narrow, to go on and on through. */
export function Explore({ fork }: { fork: (share: string, sentence: string) => ReactNode }) {
  const { field, settled: q, setText } = useAddressText('q')
  const [params] = useSearchParams()
  const set = useSetParameter()
  const filters = asked(params)
  const order = orderOf(params.get('order'), q)
  const list = useInfiniteQuery({
    ...exploreQuery({ ...filters, q: q || undefined, order }),
    placeholderData: keepPreviousData,
  })
  const pages = list.data?.pages ?? []
  const items = pages.flatMap((page) => page.items)
  const first = pages[0]
  const more = useMore(list.hasNextPage && !list.isFetchingNextPage, list.fetchNextPage)

  function clear() {
    setText('')
    for (const name of ['q', ...FILTERS.map((filter) => filter.name)]) set(name, '')
  }

  return (
    <>
      <search className={styles.find}>
        <div className={styles.field}>
          <SearchField
            label="Search what people taught"
            placeholder="Say it in your words, in any language"
            {...field}
          />
        </div>
        <Orders value={order} words={q !== ''} onChange={(value) => set('order', value)} />
        <Filters found={first} values={filters} onChange={set} />
      </search>
      <ProblemNotice error={list.error} title="It could not be read" />
      <p className={styles.count} role="status">
        {first && told(first.total, items[0]?.why === 'meaning')}
      </p>
      {list.isPending && (
        <div className={styles.grid}>
          {[0, 1, 2, 3, 4, 5].map((place) => (
            <Skeleton key={place} height="20rem" />
          ))}
        </div>
      )}
      {first?.total === 0 && (
        <div className={styles.none}>
          <Logo size={80} />
          <p>Nobody has taught that here yet.</p>
          <Button onClick={clear}>Show all of it</Button>
        </div>
      )}
      <ul className={styles.grid} data-stale={list.isPlaceholderData || undefined}>
        {items.map((item) => (
          <li key={item.share_id}>
            <ExploreCard item={item} fork={fork} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div ref={more} className={styles.more}>
          <Button icon="down" busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  )
}

/** Words are answered with what is nearest, unless somebody wants it otherwise. */
function orderOf(said: string | null, q: string): Order {
  if (said === 'best' || said === 'newest') return said
  return q ? 'nearest' : 'best'
}

function told(total: number, onlyMeaning: boolean): string {
  const count = total === 1 ? 'One behaviour' : `${total.toLocaleString('en')} behaviours`
  return onlyMeaning ? `${count}, found by what is meant` : count
}
