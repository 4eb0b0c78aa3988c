import type { Asked } from '@/api/explore'
import type { ExploreList, Facet } from '@/api/types'
import styles from './explore.module.css'

export type Order = NonNullable<Asked['order']>

/** What can be narrowed by: parameters of the address and of the question. */
export const FILTERS = [
  { name: 'robot', label: 'Robot', all: 'All robots', facets: 'robots' },
  { name: 'behaviour', label: 'Behaviour', all: 'All behaviours', facets: 'behaviours' },
  { name: 'proposer', label: 'Reward by', all: 'All proposers', facets: 'proposers' },
  { name: 'verdict', label: 'Verdict', all: 'All verdicts', facets: 'verdicts' },
] as const

type Name = (typeof FILTERS)[number]['name']
type Values = Partial<Record<Name, string>> & Pick<Asked, 'verdict'>

/** What an address asks for. */
export function asked(params: URLSearchParams): Values {
  const values: Partial<Record<Name, string>> = {}
  for (const { name } of FILTERS) values[name] = params.get(name) || undefined
  return { ...values, verdict: values.verdict as Asked['verdict'] } // the server knows which are
}

export function Filters({
  found,
  values,
  onChange,
}: {
  found: ExploreList | undefined
  values: Values
  onChange: (name: Name, value: string) => void
}) {
  return (
    <div className={styles.filters}>
      {FILTERS.map(({ name, label, all, facets }) => (
        <select
          key={name}
          aria-label={label}
          className={styles.filter}
          data-on={Boolean(values[name]) || undefined}
          value={values[name] ?? ''}
          onChange={(event) => onChange(name, event.target.value)}
        >
          <option value="">{all}</option>
          {options(found?.[facets] ?? [], values[name]).map(({ value, name: called, count }) => (
            <option key={value} value={value}>
              {called} ({count})
            </option>
          ))}
        </select>
      ))}
    </div>
  )
}

/** What there is, and what the address asks for even where there is none of it. */
function options(facets: readonly Facet[], value: string | undefined): readonly Facet[] {
  if (!value || facets.some((facet) => facet.value === value)) return facets
  return [...facets, { value, name: value, count: 0 }]
}

const ORDERS: Record<Order, string> = { nearest: 'Nearest', best: 'Best', newest: 'Newest' }
const BEST =
  'By verdict, then by how surely people like it: the least share of voters since it was shown, with 95% confidence'

export function Orders({
  value,
  words,
  onChange,
}: {
  value: Order
  words: boolean
  onChange: (order: Order) => void
}) {
  const shown = (Object.keys(ORDERS) as Order[]).filter((order) => words || order !== 'nearest')
  return (
    <fieldset className={styles.orders}>
      <legend className="visually-hidden">Order</legend>
      {shown.map((order) => (
        <button
          key={order}
          type="button"
          className={styles.order}
          aria-pressed={order === value}
          title={order === 'best' ? BEST : undefined}
          onClick={() => onChange(order)}
        >
          {ORDERS[order]}
        </button>
      ))}
    </fieldset>
  )
}
