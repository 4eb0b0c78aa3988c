import { memo, Suspense } from 'react'
import type { Approach } from '@/api/types'
import { Chart } from '@/components/chart/lazy-chart'
import { Skeleton } from '@/components/ui/skeleton'
import { Numbers } from '@/components/verdict/numbers'
import { latestNumbers, returns } from '@/lib/curves'
import styles from './job-details.module.css'
import { TermCurves } from './term-curves'

/** How one training goes: its return, the metric's numbers, and what each term pays. */
export const JobDetails = memo(function JobDetails({
  approach,
  hue,
}: {
  approach: Approach
  hue: number
}) {
  const dots = returns(approach)
  return (
    <section className={styles.details} data-hue={hue} aria-label={`Curves of ${approach.name}`}>
      <h3>{approach.name}</h3>
      {dots.length > 1 && (
        <Suspense fallback={<Skeleton height="9rem" />}>
          <Chart
            label="Return of an episode"
            height={140}
            series={[{ id: 'return', label: 'return', hue, dots }]}
          />
        </Suspense>
      )}
      {approach.metric && (
        <Numbers
          metric={approach.metric}
          now={latestNumbers(approach)}
          base={approach.numbers.base}
        />
      )}
      {dots.length > 1 && (
        <details className={styles.terms}>
          <summary>What each term pays</summary>
          <TermCurves approach={approach} />
        </details>
      )}
    </section>
  )
})
