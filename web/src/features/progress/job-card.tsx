import { memo, Suspense } from 'react'
import { useJob } from '@/api/actions'
import type { Approach } from '@/api/types'
import { Chart } from '@/components/chart/lazy-chart'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { ProgressBar } from '@/components/ui/progress-bar'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusChip } from '@/components/ui/status'
import { useToast } from '@/components/ui/toast'
import { Numbers } from '@/components/verdict/numbers'
import { canRetry, isActive } from '@/lib/approaches'
import { latestNumbers, returns } from '@/lib/curves'
import { count, percent } from '@/lib/format'
import styles from './job-card.module.css'
import { JobPicture } from './job-picture'
import { TermCurves } from './term-curves'
import { now, share, wait } from './words'

/** One training as it goes. */
export const JobCard = memo(function JobCard({
  approach,
  hue,
  readOnly,
}: {
  approach: Approach
  hue: number
  readOnly: boolean
}) {
  const done = share(approach)
  const dots = returns(approach)
  return (
    <article
      className={styles.card}
      data-hue={hue}
      data-job={approach.id}
      aria-label={approach.name}
    >
      <JobPicture approach={approach} />
      <div className={styles.text}>
        <header className={styles.head}>
          <h3>{approach.name}</h3>
          <StatusChip approach={approach} />
        </header>
        <div className={styles.progress}>
          <p>
            <b>{now(approach)}</b>
            <span>{done === null ? '' : percent(done)}</span>
          </p>
          <ProgressBar label={`Progress of ${approach.name}`} value={done} />
          <p className={styles.wait}>
            <span>{wait(approach)}</span>
            <span>
              {approach.num_steps
                ? `${count(approach.step)} of ${count(approach.num_steps)} steps`
                : ''}
            </span>
          </p>
        </div>
        {approach.error && (
          <Notice
            tone="fail"
            title={approach.error.message}
            detail={approach.error.hint || undefined}
          />
        )}
        {!readOnly && <JobButtons approach={approach} />}
        {dots.length > 1 && (
          <Suspense fallback={<Skeleton height="9rem" />}>
            <Chart
              label="Return of an episode"
              height={140}
              series={[{ id: 'return', label: 'return', hue, dots }]}
            />
          </Suspense>
        )}
        {approach.metric && approach.curve.length > 0 && (
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
      </div>
    </article>
  )
})

function JobButtons({ approach }: { approach: Approach }) {
  const job = useJob()
  const toast = useToast()
  const { job_id: id } = approach
  if (!id) return null
  const act = (what: 'cancel' | 'retry') => job.mutate({ job: id, what }, { onError: toast.fail })
  if (isActive(approach)) {
    return (
      <Button
        size="small"
        icon="stop"
        className={styles.button}
        busy={job.isPending}
        onClick={() => act('cancel')}
      >
        Cancel
      </Button>
    )
  }
  if (!canRetry(approach)) return null
  return (
    <Button
      size="small"
      icon="retry"
      className={styles.button}
      busy={job.isPending}
      onClick={() => act('retry')}
    >
      Try again
    </Button>
  )
}
