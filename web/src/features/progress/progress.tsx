import { useQuery } from '@tanstack/react-query'
import { healthQuery, providersQuery } from '@/api/queries'
import type { Experiment, Spending } from '@/api/types'
import { isActive, providersOf, wasTrained } from '@/lib/approaches'
import { duration } from '@/lib/format'
import { dollars } from '@/lib/usage'
import { JobCard } from './job-card'
import { JobDetails } from './job-details'
import styles from './progress.module.css'
import { share } from './words'

/** All trainings of an experiment: how far they are, then how they go. */
export function Progress({
  experiment,
  hues,
}: {
  experiment: Experiment
  hues: Record<string, number>
}) {
  const { data: known = [] } = useQuery(providersQuery)
  const spending = useQuery(healthQuery).data?.spending
  const several = providersOf(experiment).length > 1
  const titleOf = (name: string) => known.find((p) => p.name === name)?.title ?? name
  const jobs = experiment.approaches.filter(wasTrained)
  const learning = jobs.filter((approach) => approach.curve.length > 0)
  const hue = (id: string) => hues[id] ?? 0
  return (
    <section aria-label="Training" className={styles.training}>
      <div className={styles.summary}>
        <p>
          <span role="status">{summary(experiment)}</span>
          {left(experiment)}
          {spending && !experiment.read_only && <Money {...spending} />}
        </p>
        <span className={styles.shares} aria-hidden="true">
          {jobs.map((a) => (
            <i key={a.id} data-hue={hue(a.id)} style={{ '--done': share(a) ?? 0 }} />
          ))}
        </span>
      </div>
      <div className={styles.jobs} data-many={jobs.length > FEW || undefined}>
        {jobs.map((approach) => (
          <div key={approach.id} className={styles.job}>
            <JobCard
              approach={approach}
              robot={experiment.robot}
              hue={hue(approach.id)}
              by={several ? titleOf(approach.provider) : undefined}
              readOnly={experiment.read_only}
            />
          </div>
        ))}
      </div>
      {learning.length > 0 && (
        <>
          <h2 className={styles.heading}>How they learn</h2>
          <div className={styles.details}>
            {learning.map((approach) => (
              <JobDetails key={approach.id} approach={approach} hue={hue(approach.id)} />
            ))}
          </div>
        </>
      )}
    </section>
  )
}

/** What trainings elsewhere have cost this month, and what they may. */
function Money({ spent_usd: spent, cap_usd: cap }: Spending) {
  const most = cap === null ? '' : ` of at most ${dollars(cap)}`
  return (
    <span className={styles.money} title="An estimate: seconds times what was held of a machine.">
      Modal this month: about {dollars(spent)}
      {most}
    </span>
  )
}

const FEW = 3

function summary({ approaches }: Experiment): string {
  const active = approaches.filter(isActive).length
  if (active) return active === 1 ? '1 training' : `${active} trainings`
  const tried = approaches.filter(wasTrained).length
  const done = approaches.filter((a) => a.status === 'finished').length
  if (done === tried) return tried === 1 ? 'It has finished.' : `All ${tried} have finished.`
  if (approaches.filter(wasTrained).every((a) => a.status === 'cancelled')) return 'Stopped.'
  return `${done} of ${tried} finished.`
}

function left({ approaches }: Experiment): string {
  const active = approaches.filter(isActive)
  const most = Math.max(...active.map((a) => a.seconds_left ?? a.queue?.estimated_start_s ?? 0))
  return most > 0 ? `, about ${duration(most)} to go` : ''
}
