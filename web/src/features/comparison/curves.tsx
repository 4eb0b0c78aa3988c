import { Suspense, useState } from 'react'
import type { Approach } from '@/api/types'
import { Chart } from '@/components/chart/lazy-chart'
import type { Series } from '@/components/chart/scale'
import { Skeleton } from '@/components/ui/skeleton'
import { numberCurve, returns } from '@/lib/curves'
import styles from './curves.module.css'

const RETURN = 'return'
const DASHES = [undefined, '7 5', '2 4'] // a provider each

/** The same quantity of all approaches, one over another. */
export function Curves({
  approaches,
  hues,
  titles,
}: {
  approaches: readonly Approach[]
  hues: Record<string, number>
  titles: (approach: Approach) => string // of the provider; empty where all are of one
}) {
  const [shown, setShown] = useState(RETURN)
  const criteria = approaches[0]?.metric?.criteria ?? []
  const chosen = criteria.find((c) => c.label === shown)
  const providers = [...new Set(approaches.map((a) => a.provider))]
  const series: Series[] = approaches.map((a) => ({
    id: a.id,
    label: [a.name, titles(a)].filter(Boolean).join(' · '),
    hue: hues[a.id] ?? 0,
    dash: DASHES[providers.indexOf(a.provider) % DASHES.length],
    dots: shown === RETURN ? returns(a) : numberCurve(a, shown),
  }))
  const goals = [chosen?.at_least, chosen?.at_most].filter((v) => v !== null && v !== undefined)
  return (
    <section className={styles.curves} aria-labelledby="curves">
      <header className={styles.head}>
        <h3 id="curves">How they learned</h3>
        <label>
          <span className="visually-hidden">Curve</span>
          <select value={shown} onChange={(event) => setShown(event.target.value)}>
            <option value={RETURN}>return of an episode</option>
            {criteria.map((c) => (
              <option key={c.label}>{c.label}</option>
            ))}
          </select>
        </label>
      </header>
      <Suspense fallback={<Skeleton height="16rem" />}>
        <Chart label={shown} series={series} height={260} goals={goals} />
      </Suspense>
    </section>
  )
}
