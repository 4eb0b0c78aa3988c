import { memo } from 'react'
import { useJob } from '@/api/actions'
import type { Approach } from '@/api/types'
import { PolicyPicture } from '@/components/clip/policy-picture'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { ProgressBar } from '@/components/ui/progress-bar'
import { StatusChip } from '@/components/ui/status'
import { useToast } from '@/components/ui/toast'
import { canRetry, isActive } from '@/lib/approaches'
import { count, percent } from '@/lib/format'
import styles from './job-card.module.css'
import { afterStop, aim, now, place, share, wait } from './words'

/** One training as it goes: what the robot does by now, and how far it is. */
export const JobCard = memo(function JobCard({
  approach,
  robot,
  hue,
  by,
  readOnly,
}: {
  approach: Approach
  robot: string
  hue: number
  by?: string // who proposed it, where that is not said anyway
  readOnly: boolean
}) {
  const job = useJob()
  const toast = useToast()
  const active = isActive(approach)
  // It is said at once, before the studio has heard of it.
  const asked = job.variables?.what === 'cancel' && !job.isError
  const shown = asked && active ? { ...approach, stopping: true } : approach
  const act = (what: 'cancel' | 'retry') => {
    if (approach.job_id) job.mutate({ job: approach.job_id, what }, { onError: toast.fail })
  }
  const failed = approach.status !== 'cancelled' && approach.error
  return (
    <article
      className={styles.card}
      data-hue={hue}
      data-job={approach.id}
      aria-label={approach.name}
    >
      <div className={styles.stage}>
        <PolicyPicture approach={approach} robot={robot} captioned />
        <div className={styles.panel}>
          <header className={styles.line}>
            <h2>{approach.name}</h2>
            {!active && <StatusChip approach={approach} />}
          </header>
          {active ? <Doing approach={shown} /> : <Done approach={approach} />}
        </div>
      </div>
      <div className={styles.below}>
        {approach.note && <Notice tone="review" title={approach.note} />}
        {failed && <Notice tone="fail" title={failed.message} detail={failed.hint || undefined} />}
        <div className={styles.foot}>
          {!readOnly && active && (
            <Button
              size="small"
              icon="stop"
              disabled={shown.stopping}
              onClick={() => act('cancel')}
            >
              Stop
            </Button>
          )}
          {!readOnly && canRetry(approach) && (
            <Button size="small" icon="retry" busy={job.isPending} onClick={() => act('retry')}>
              Try again
            </Button>
          )}
          <span className={styles.steps}>
            {[by, place(approach), steps(approach)].filter(Boolean).join(' · ')}
          </span>
        </div>
      </div>
    </article>
  )
})

function Doing({ approach }: { approach: Approach }) {
  const done = share(approach)
  return (
    <>
      <ProgressBar label={`Progress of ${approach.name}`} value={done} />
      <p className={styles.line}>
        <b>
          {now(approach)} {done === null || approach.queue ? '' : percent(done)}
        </b>
        <span className={styles.wait}>{wait(approach)}</span>
      </p>
    </>
  )
}

function Done({ approach }: { approach: Approach }) {
  return <p>{approach.status === 'cancelled' ? afterStop(approach) : now(approach)}</p>
}

function steps(approach: Approach): string {
  const { step, goal, max_steps: most } = approach
  const steps = aim(approach)
  if (!steps) return ''
  const limit = goal && most && goal < most ? `, at most ${count(most)}` : ''
  return `${count(step)} of ${count(steps)} steps${limit}`
}
