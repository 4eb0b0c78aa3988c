import type { Experiment } from '@/api/types'
import { isActive, wasTrained } from '@/lib/approaches'
import { duration } from '@/lib/format'
import { JobCard } from './job-card'
import styles from './progress.module.css'

/** All trainings of an experiment. */
export function Progress({
  experiment,
  hues,
}: {
  experiment: Experiment
  hues: Record<string, number>
}) {
  const jobs = experiment.approaches.filter(wasTrained)
  return (
    <section aria-label="Training">
      <p role="status" className={styles.summary}>
        {summary(experiment)}
      </p>
      <div className={styles.jobs}>
        {jobs.map((approach) => (
          <JobCard
            key={approach.id}
            approach={approach}
            hue={hues[approach.id] ?? 0}
            readOnly={experiment.read_only}
          />
        ))}
      </div>
    </section>
  )
}

function summary({ approaches }: Experiment): string {
  const active = approaches.filter(isActive)
  const done = approaches.filter((a) => a.status === 'finished').length
  if (!active.length)
    return `${done} of ${approaches.filter(wasTrained).length} learned it through.`
  const left = active.map((a) => a.seconds_left ?? a.queue?.estimated_start_s ?? 0)
  const most = Math.max(...left)
  return `${active.length} in training${most > 0 ? `, about ${duration(most)} to go` : ''}.`
}
